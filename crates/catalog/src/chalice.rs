//! Decorators of Chalice. From `data/chalice.tsv`.

use crate::table::rows;

/// What a decorator makes of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decorated {
    /// The SAM event that starts the function; empty for none.
    pub event: &'static str,
    /// The argument that says what starts it.
    pub argument: &'static str,
    /// The position of that argument.
    pub position: Option<usize>,
    /// The property of the event that the argument becomes.
    pub property: &'static str,
}

/// What a method of a Chalice app makes of a function that it decorates; `None` where that is no function of its own.
pub fn chalice_decorator(name: &str) -> Option<Decorated> {
    let mut all = rows::<5>(include_str!("../data/chalice.tsv"));
    let [_, event, argument, position, property] = all.find(|[known, ..]| *known == name)?;
    Some(Decorated { event, argument, position: position.parse().ok(), property })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decorators() {
        assert_eq!(chalice_decorator("on_s3_event").map(|d| (d.event, d.position)), Some(("S3", Some(0))));
        assert_eq!(chalice_decorator("lambda_function").map(|d| d.event), Some(""));
        assert_eq!(chalice_decorator("route"), None);
        crate::table::assert_sorted("chalice.tsv", include_str!("../data/chalice.tsv"), 1);
    }
}
