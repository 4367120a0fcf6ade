//! What stands on a line: few words, whole ones where there is room for them.

use crate::page::LABEL;
use crate::text::{plain, shorten, width, wrap};
use model::view::Line;

/// The width of a label.
const MOST: i32 = 136;
/// The width of one that would have to be cut otherwise.
const WIDE: i32 = crate::text::WIDE;
/// So many routes are told one by one; of more there is what they have in common.
const ROUTES: usize = 3;

/// What stands on a line, word by word, each once; of many routes how many there are.
pub(crate) fn words(labels: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in labels.iter().flat_map(|l| l.split(", ")) {
        let word = plain(word);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    match routes(&words) {
        Some(routes) => vec![routes],
        None => words,
    }
}

/// The label of a line: as many words as fit in two short lines, and how many more there are.
pub(crate) fn label(line: &Line<'_>) -> Vec<String> {
    lines(&words(&line.labels))
}

fn lines(words: &[String]) -> Vec<String> {
    if let [only] = words {
        return wrap(only, LABEL, MOST, 2);
    }
    let most = if words.iter().any(|word| width(word, LABEL) > MOST) { WIDE } else { MOST };
    let shown = told_apart(words, most);
    let mut lines: Vec<String> = Vec::new();
    for (i, word) in shown.iter().enumerate() {
        let joined = lines.last().map(|l| format!("{l}, {word}")).filter(|l| width(l, LABEL) <= most);
        let full = lines.len() > 1;
        match (joined, lines.last_mut()) {
            (Some(joined), Some(line)) => *line = joined,
            (None, Some(line)) if full => {
                *line = format!("{line} +{}", words.len() - i);
                return lines;
            }
            _ => lines.push(word.clone()),
        }
    }
    if let Some(line) = lines.last_mut().filter(|_| shown.len() < words.len()) {
        *line = format!("{line} +{}", words.len() - shown.len());
    }
    lines
}

/// The words, shortened, without those that would then be the same.
fn told_apart(words: &[String], most: i32) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    for word in words.iter().map(|word| shorten(word, LABEL, most)) {
        if !shown.contains(&word) {
            shown.push(word);
        }
    }
    shown
}

/// Many routes in a few words, if all of these are: `/workflow/… 46 routes`.
fn routes(words: &[String]) -> Option<String> {
    if words.len() <= ROUTES {
        return None;
    }
    let paths = words.iter().map(|word| path(word)).collect::<Option<Vec<&str>>>()?;
    let mut common: Vec<&str> = paths[0].split('/').collect();
    // The last piece of a path says what it is a route of, not where it is.
    common.pop();
    for other in &paths {
        let same = common.iter().zip(other.split('/')).take_while(|(a, b)| *a == b).count();
        common.truncate(same);
    }
    let common = common.join("/");
    let before = if common.is_empty() { String::new() } else { format!("{common}/… ") };
    Some(format!("{before}{} routes", paths.len()))
}

/// The path of a route: `/orders` of `POST /orders` and of `ANY /orders → list`.
fn path(word: &str) -> Option<&str> {
    let route = word.split(" → ").next()?;
    let path = match route.split_once(' ') {
        Some((method, path)) if method.chars().all(|c| c.is_ascii_uppercase()) => path,
        Some(_) => return None,
        None => route,
    };
    path.starts_with('/').then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(all: &[&str], expected: &[&str]) {
        assert_eq!(lines(&words(&all.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>())), expected);
    }

    #[test]
    fn labels_are_a_few_words() {
        check(&[], &[]);
        check(&["GetItem", "PutItem, GetItem"], &["GetItem, PutItem"]);
        let many = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "Query", "Scan"];
        check(&many, &["GetItem, PutItem", "UpdateItem, DeleteItem +3"]);
    }

    #[test]
    fn of_many_routes_there_is_what_they_have_in_common() {
        check(&["GET /a/b", "PUT /a/b", "GET /a/c"], &["GET /a/b, PUT /a/b", "GET /a/c"]);
        check(&["GET /a/b", "PUT /a/b", "GET /a/c", "/a/d/{x}"], &["/a/… 4 routes"]);
        check(&["GET /a", "PUT /b", "GET /c/d", "GET /"], &["4 routes"]);
        check(&["GET /a", "PUT /b", "GET /c/d", "Query"], &["GET /a, PUT /b", "GET /c/d, Query"]);
    }

    #[test]
    fn no_two_words_are_cut_to_the_same() {
        let long = |end: &str| format!("a-rather-long-name-{end}-of-a-thing-that-is-put");
        check(&[&long("one"), &long("two")], &["a-rather-long-na…hing-that-is-put +1"]);
    }
}
