//! Styles: `key=value;` and bare names. Where an arrow leaves and enters a box stands among them, but is its route.

/// Keys that say where an arrow leaves and enters.
const ROUTE: [&str; 10] =
    ["exitX", "exitY", "exitDx", "exitDy", "exitPerimeter", "entryX", "entryY", "entryDx", "entryDy", "entryPerimeter"];

/// Pairs of a style, in order; a bare name has no value.
fn pairs(style: &str) -> Vec<(&str, Option<&str>)> {
    let pair = |part: &'_ str| match part.find('=') {
        Some(at) => (at, true),
        None => (part.len(), false),
    };
    let split = |part| {
        let (at, valued) = pair(part);
        (&part[..at], valued.then(|| &part[at + 1..]))
    };
    style.split(';').filter(|part| !part.trim().is_empty()).map(split).collect()
}

fn join<'a>(pairs: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> String {
    let one = |(key, value): (&str, Option<&str>)| match value {
        Some(value) => format!("{key}={value};"),
        None => format!("{key};"),
    };
    pairs.map(one).collect()
}

/// The last value of a key, as the editor reads it.
pub(crate) fn value<'a>(style: &'a str, key: &str) -> Option<&'a str> {
    pairs(style).into_iter().rev().find(|(k, _)| *k == key).and_then(|(_, v)| v)
}

/// The style without where its arrow leaves and enters.
pub(crate) fn look(style: &str) -> String {
    join(pairs(style).into_iter().filter(|(key, _)| !ROUTE.contains(key)))
}

/// Where its arrow leaves and enters, alone.
pub(crate) fn ports(style: &str) -> String {
    join(pairs(style).into_iter().filter(|(key, _)| ROUTE.contains(key)))
}

/// The look that follows from one that was generated (`base`), changed by a person (`theirs`), and is generated anew
/// (`ours`): key by key, what the person changed is theirs.
pub(crate) fn merged(base: &str, theirs: &str, ours: &str) -> String {
    if base == ours {
        return theirs.to_owned();
    }
    let (was, now, new) = (pairs(base), pairs(theirs), pairs(ours));
    let in_list = |list: &[(&str, Option<&str>)], key: &str| {
        list.iter().rev().find(|(k, _)| *k == key).map(|p| p.1.map(str::to_owned))
    };
    let changed = |key: &str| in_list(&was, key) != in_list(&now, key);
    let mut out = Vec::new();
    for &(key, value) in &new {
        if !changed(key) {
            out.push((key, value));
        } else if let Some(&theirs) = now.iter().rev().find(|(k, _)| *k == key) {
            out.push(theirs);
        }
    }
    let known = |key: &str| new.iter().any(|(k, _)| *k == key);
    out.extend(now.iter().copied().filter(|(key, _)| !known(key) && changed(key)));
    join(out.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_changed_is_theirs_and_the_rest_is_ours() {
        let base = "text;fill=red;size=1;old=1;";
        assert_eq!(merged(base, "text;fill=blue;size=1;old=1;", "text;fill=red;size=2;"), "text;fill=blue;size=2;");
        assert_eq!(merged(base, "text;size=1;old=1;bold=1;", "text;fill=red;size=2;"), "text;size=2;bold=1;");
        assert_eq!(merged(base, "size=1;fill=red;old=2;", "text;fill=green;size=1;"), "fill=green;size=1;old=2;");
        assert_eq!(merged(base, "anything", base), "anything");
        assert_eq!(merged(base, base, "x=1;"), "x=1;");
    }

    #[test]
    fn ports_are_no_look() {
        let style = "a=1;exitX=0.5;exitY=0;b;entryX=1;";
        assert_eq!(look(style), "a=1;b;");
        assert_eq!(ports(style), "exitX=0.5;exitY=0;entryX=1;");
        assert_eq!(value("a=1;b=2;a=3", "a"), Some("3"));
    }
}
