//! Names of operations: how a service spells them, and what their first word says of reading and writing.

use crate::table::{rows, words};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

const VERBS: &str = include_str!("../data/verbs.tsv");
const EXCEPTIONS: &str = include_str!("../data/exceptions.tsv");
const OPERATIONS: &str = include_str!("../data/operations.tsv");

/// What an operation does with what it is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// A name without what differs between `describe_db_instances` and `DescribeDBInstances`.
pub(crate) fn squash(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// The operations of a service that `flows.toml` speaks of, as it spells them.
pub(crate) fn all(client: &str) -> impl Iterator<Item = &'static str> {
    static SPELLINGS: LazyLock<FxHashMap<&str, &str>> =
        LazyLock::new(|| rows(OPERATIONS).map(|[client, names]| (client, names)).collect());
    SPELLINGS.get(client).copied().into_iter().flat_map(words)
}

/// How a service that `flows.toml` speaks of spells an operation; `None` when it has no such operation.
pub(crate) fn spelling(client: &str, squashed: &str) -> Option<&'static str> {
    all(client).find(|name| name.eq_ignore_ascii_case(squashed))
}

/// Whether a name fits a pattern with `*` and `?`, whatever the case.
pub(crate) fn fits(pattern: &[u8], name: &[u8]) -> bool {
    // Where the last star stands and how much of the name it has taken; one star need never be tried again.
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == b'?' || c.eq_ignore_ascii_case(&name[n]) => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, taken)) => {
                    (p, n) = (at + 1, taken + 1);
                    star = Some((at, taken + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

/// `DescribeDbInstances` of `describe_db_instances`; other names as they are.
pub(crate) fn guess(name: &str) -> String {
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return name.to_owned();
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(capital).collect()
}

/// The word of an operation's name that says what it does: the first after `Batch`, `Bulk`, `Admin`.
pub(crate) fn verb(name: &str) -> &str {
    let mut rest = name;
    loop {
        let end = rest.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase()).map_or(rest.len(), |(at, _)| at);
        let word = &rest[..end];
        if end == rest.len() || !matches!(word, "Batch" | "Bulk" | "Admin") {
            return word;
        }
        rest = &rest[end..];
    }
}

/// Whether an operation reads, as its exception or else its verb says.
pub(crate) fn access(client: &str, name: &str) -> Access {
    static READING: LazyLock<FxHashSet<&str>> = LazyLock::new(|| rows(VERBS).map(|[verb]| verb).collect());
    static EXCEPT: LazyLock<FxHashMap<String, Access>> = LazyLock::new(|| {
        let read = |access| if access == "read" { Access::Read } else { Access::Write };
        rows(EXCEPTIONS).map(|[client, name, access]| (exception(client, name), read(access))).collect()
    });
    let by_verb = || if READING.contains(verb(name)) { Access::Read } else { Access::Write };
    EXCEPT.get(&exception(client, name)).copied().unwrap_or_else(by_verb)
}

fn exception(client: &str, name: &str) -> String {
    format!("{client} {}", squash(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::assert_sorted;

    #[test]
    fn verbs_are_the_first_word_that_says_something() {
        let check = |name: &str, expected: &str| assert_eq!(verb(name), expected, "{name}");
        check("GetItem", "Get");
        check("BatchGetItem", "Get");
        check("AdminBulkPublish", "Publish");
        check("Batch", "Batch");
        check("Query", "Query");
        check("", "");
    }

    #[test]
    fn access_is_by_verb_unless_excepted() {
        let check = |client: &str, name: &str, expected| assert_eq!(access(client, name), expected, "{client} {name}");
        check("neptunedata", "GetEngineStatus", Access::Read);
        check("glue", "BatchGetJobs", Access::Read);
        check("sdb", "PutAttributes", Access::Write);
        check("nothing", "Frobnicate", Access::Write);
    }

    #[test]
    fn names_are_guessed_from_python() {
        let check = |name: &str, expected: &str| assert_eq!(guess(name), expected);
        check("detect_faces", "DetectFaces");
        check("DetectFaces", "DetectFaces");
        check("describe_db_instances", "DescribeDbInstances");
    }

    #[test]
    fn tables_are_sorted() {
        assert_sorted("verbs.tsv", VERBS, 1);
        assert_sorted("exceptions.tsv", EXCEPTIONS, 2);
        assert_sorted("operations.tsv", OPERATIONS, 1);
    }
}
