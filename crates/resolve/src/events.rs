//! Events as parts of the bus that they are put onto, and the rules that let them through.

use crate::pattern::Pattern;
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use facts::{Event, EventFilter, Expr, TextFilter};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a rule lets an event through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Admits {
    No,
    /// It may: something of the event or of the rule is known only in part.
    Maybe,
    Yes,
}

/// An event whose type is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    pub(crate) source: Option<String>,
    pub(crate) kind: String,
}

impl Known {
    /// The name of the part: `orders/OrderPlaced`.
    pub(crate) fn name(&self) -> String {
        match &self.source {
            Some(source) => format!("{source}/{}", self.kind),
            None => self.kind.clone(),
        }
    }
}

/// The events of all buses, by the ids of the nodes.
#[derive(Debug, Default)]
pub(crate) struct Buses {
    /// Events of known types, with the parts that stand for them.
    pub(crate) known: BTreeMap<String, BTreeMap<String, Known>>,
    /// Buses onto which something is put whose type is not known.
    pub(crate) open: BTreeSet<String>,
}

impl Buses {
    /// The parts of a bus whose events a rule lets through, and whether it may let through others too.
    pub(crate) fn admitted(&self, bus: &str, admits: impl Fn(&Known) -> Admits) -> (Vec<(&str, Admits)>, bool) {
        let known = self.known.get(bus).into_iter().flatten();
        let let_through = known.map(|(part, event)| (part.as_str(), admits(event)));
        let parts: Vec<(&str, Admits)> = let_through.filter(|(_, admits)| *admits != Admits::No).collect();
        let others = parts.is_empty() || self.open.contains(bus);
        (parts, others)
    }
}

/// The events that code puts onto a bus; `None` where the type of one is not known.
pub(crate) fn known_events(resolver: &Resolver<'_, '_>, event: &Event) -> Option<Vec<Known>> {
    let texts = |e: &Expr| -> Option<Vec<String>> {
        let all = alternatives(&resolver.value(e));
        all.iter().map(|one| one.as_literal().filter(|t| !t.trim().is_empty()).map(str::to_owned)).collect()
    };
    let kinds = texts(event.detail_type.as_ref()?)?;
    let sources = event.source.as_ref().and_then(texts);
    let sources: Vec<Option<String>> = sources.map_or_else(|| vec![None], |all| all.into_iter().map(Some).collect());
    let each = |kind: &String| -> Vec<Known> {
        sources.iter().map(|source| Known { source: source.clone(), kind: kind.clone() }).collect()
    };
    Some(kinds.iter().flat_map(each).collect())
}

/// Whether a rule lets an event through, by its source and its type.
pub(crate) fn admits(resolver: &Resolver<'_, '_>, filter: &EventFilter, event: &Known) -> Admits {
    any(resolver, &filter.sources, event.source.as_deref()).min(any(resolver, &filter.types, Some(&event.kind)))
}

fn any(resolver: &Resolver<'_, '_>, filters: &[TextFilter], text: Option<&str>) -> Admits {
    if filters.is_empty() {
        return Admits::Yes;
    }
    let Some(text) = text else { return Admits::Maybe };
    filters.iter().map(|filter| one(resolver, filter, text)).max().unwrap_or(Admits::No)
}

fn one(resolver: &Resolver<'_, '_>, filter: &TextFilter, text: &str) -> Admits {
    let sure = |fits: bool| if fits { Admits::Yes } else { Admits::No };
    match filter {
        TextFilter::Is(wanted) => {
            let wanted = alternatives(&resolver.value(wanted));
            wanted.iter().map(|wanted| same(wanted, text)).max().unwrap_or(Admits::No)
        }
        TextFilter::IgnoreCase(wanted) => sure(wanted.to_lowercase() == text.to_lowercase()),
        TextFilter::Prefix(start) => sure(text.starts_with(&**start)),
        TextFilter::Suffix(end) => sure(text.ends_with(&**end)),
        TextFilter::Wildcard(pattern) => sure(fits_wildcard(pattern, text)),
        TextFilter::Exists(wanted) => sure(*wanted),
        TextFilter::Other => Admits::Maybe,
        TextFilter::Not(all) => match all.iter().map(|filter| one(resolver, filter, text)).max() {
            None | Some(Admits::No) => Admits::Yes,
            Some(Admits::Maybe) => Admits::Maybe,
            Some(Admits::Yes) => Admits::No,
        },
    }
}

fn same(wanted: &Expr, text: &str) -> Admits {
    match wanted.as_literal() {
        Some(wanted) if wanted == text => Admits::Yes,
        Some(_) => Admits::No,
        None if matches!(wanted, Expr::Concat(_)) => {
            let fits = Pattern::new(wanted).unify(&Pattern::new(&Expr::literal(text))).is_some();
            if fits { Admits::Maybe } else { Admits::No }
        }
        None => Admits::Maybe,
    }
}

/// Whether a text is that of a pattern in which `*` stands for any characters.
fn fits_wildcard(pattern: &str, text: &str) -> bool {
    let pieces: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for piece in middle {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::index::Index;
    use facts::Declarations;

    fn check(filter: TextFilter, text: &str, expected: Admits) {
        let (declarations, options) = (Declarations::default(), Options::default());
        let index = Index::new(&declarations, &options);
        let event = Known { source: Some("shop".into()), kind: text.into() };
        let filter = EventFilter { sources: Vec::new(), types: vec![filter] };
        assert_eq!(admits(&Resolver::new(&index, None), &filter, &event), expected, "{filter:?} {text}");
    }

    #[test]
    fn filters() {
        check(TextFilter::Is(Expr::literal("Placed")), "Placed", Admits::Yes);
        check(TextFilter::Is(Expr::literal("Placed")), "placed", Admits::No);
        check(TextFilter::Is(Expr::Env("X".into())), "Placed", Admits::Maybe);
        check(TextFilter::IgnoreCase("PLACED".into()), "Placed", Admits::Yes);
        check(TextFilter::Prefix("Pla".into()), "Placed", Admits::Yes);
        check(TextFilter::Suffix("Pla".into()), "Placed", Admits::No);
        check(TextFilter::Exists(false), "Placed", Admits::No);
        check(TextFilter::Not(vec![TextFilter::Prefix("Or".into())]), "Placed", Admits::Yes);
        check(TextFilter::Not(vec![TextFilter::Prefix("Pl".into())]), "Placed", Admits::No);
        check(TextFilter::Not(vec![TextFilter::Other]), "Placed", Admits::Maybe);
    }

    #[test]
    fn wildcards() {
        for (pattern, text, fits) in [
            ("*Placed", "OrderPlaced", true),
            ("Order*", "OrderPlaced", true),
            ("O*r*d", "OrderPlaced", true),
            ("*Placed", "OrderPlacedToday", false),
            ("Order", "OrderPlaced", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(fits_wildcard(pattern, text), fits, "{pattern} {text}");
        }
    }
}
