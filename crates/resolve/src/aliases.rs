//! What a name stands for that another file gives to something: a data source of an API.

use crate::index::Index;
use crate::pattern::Pattern;
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use facts::{Alias, Certainty, Expr, Link};

/// The link with the receiver that its alias stands for; without one, why it is not known.
pub(crate) fn behind(index: &Index<'_>, link: &Link) -> Link {
    let mut found = link.clone();
    let name = value(index, &link.to.what);
    let of = value(index, &link.from.what);
    let mut known: Vec<&Alias> = index.declarations.aliases.iter().filter(|a| names(index, a, &name)).collect();
    // Two APIs can each have a data source of one name; one that is surely another API's is not meant.
    let apart = |a: &&Alias| {
        let own = value(index, &a.of);
        let resources = matches!((&own, &of), (Expr::Resource { .. }, Expr::Resource { .. }));
        same(&own, &of) || !resources
    };
    known.retain(apart);
    if known.iter().any(|a| same(&value(index, &a.of), &of)) {
        known.retain(|a| same(&value(index, &a.of), &of));
    } else if known.len() == 1 && !matches!(name, Expr::Resource { .. }) {
        found.certainty = found.certainty.max(Certainty::Possible);
    }
    let all = known.iter().map(|a| &a.to);
    found.to.what = match known.len() {
        0 => Expr::unknown(format!("the data source `{name:.80}` is not in what was scanned")),
        1 => Expr::one_of(all.cloned()),
        n => Expr::unknown(format!("`{name:.80}` is the name of {n} data sources")),
    };
    found
}

fn value(index: &Index<'_>, e: &Expr) -> Expr {
    Resolver::new(index, None).value(e)
}

fn names(index: &Index<'_>, alias: &Alias, name: &Expr) -> bool {
    match name {
        Expr::Resource { scope, id, .. } => *scope == alias.at.scope && *id == alias.at.id,
        Expr::Unknown { .. } | Expr::Input(_) | Expr::Parameter { .. } => false,
        _ => {
            let own = value(index, &alias.name);
            let own: Vec<Pattern> = alternatives(&own).iter().map(Pattern::new).collect();
            alternatives(name).iter().any(|one| own.contains(&Pattern::new(one)))
        }
    }
}

/// Whether two values are one resource, whatever attribute of it they are.
fn same(a: &Expr, b: &Expr) -> bool {
    match (a, b) {
        (Expr::Resource { scope, id, .. }, Expr::Resource { scope: other, id: own, .. }) => scope == other && id == own,
        _ => a == b,
    }
}
