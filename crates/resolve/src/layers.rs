//! Which layer an entry means that names it in the words of a deployment.

use crate::Options;
use crate::index::{Index, Named, key};
use crate::pattern::Pattern;
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use facts::{Borrowed, Declarations, Expr, Layer};
use rustc_hash::FxHashMap;

/// The layers that each of `declarations.borrowed` names, in that order. None for one that is known and not among those
/// of the scan; `None` where it cannot be told.
pub fn layers<'d>(declarations: &'d Declarations, options: &'d Options) -> Vec<Option<Vec<&'d Layer>>> {
    if declarations.borrowed.is_empty() {
        return Vec::new();
    }
    let index = Index::new(declarations, options);
    let mut all = Layers {
        index: &index,
        declared: declarations.layers.iter().map(|layer| (key(&layer.at), layer)).collect(),
        names: Named::new(),
    };
    for layer in &declarations.layers {
        for name in Resolver::new(&index, None).patterns(&layer.name) {
            all.names.add(name, layer);
        }
    }
    declarations.borrowed.iter().map(|borrowed| all.of(borrowed)).collect()
}

struct Layers<'i, 'd> {
    index: &'i Index<'d>,
    /// By scope and id.
    declared: FxHashMap<(&'d str, &'d str), &'d Layer>,
    /// By the name that they are deployed under.
    names: Named<'d, &'d Layer>,
}

impl<'d> Layers<'_, 'd> {
    fn of(&self, borrowed: &Borrowed) -> Option<Vec<&'d Layer>> {
        let value = Resolver::new(self.index, None).value(&borrowed.layer);
        let mut found = Vec::new();
        self.mentioned(&value, &mut found);
        if !found.is_empty() {
            return Some(found);
        }
        let mut known = false;
        for one in alternatives(&value) {
            // `arn:aws:lambda:region:account:layer:name:version`
            let name = Expr::Piece { of: Box::new(one), separator: ":".into(), index: 6 };
            let name = Pattern::new(&Resolver::new(self.index, None).value(&name));
            known |= name.as_text().is_some();
            found.extend(self.names.find(&name, |_| true).0);
        }
        (known || !found.is_empty()).then_some(found)
    }

    /// Every layer that an expression speaks of: a parameter can hold the ARNs of several, one after another.
    fn mentioned(&self, e: &Expr, found: &mut Vec<&'d Layer>) {
        match e {
            Expr::Resource { scope, id, .. } => found.extend(self.declared.get(&(&**scope, &**id))),
            Expr::Concat(all) | Expr::OneOf(all) => all.iter().for_each(|e| self.mentioned(e, found)),
            Expr::Piece { of, .. } | Expr::Replaced { of, .. } => self.mentioned(of, found),
            _ => {}
        }
    }
}
