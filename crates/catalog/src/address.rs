//! Addresses: ARNs and URLs that hold the name of a resource. Forms from the services' own documentation.

use std::sync::LazyLock;
use vocabulary::NodeKind;

/// The character that stands for a part of an address that is not known.
pub const HOLE: char = '\u{FFFC}';

struct Form {
    kind: NodeKind,
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// No `/` or `:`.
    Some,
    Any,
    Name,
    /// A name that may hold `/` and `:`, but no `&`.
    Path,
}

/// What an address names: the kind, and the byte range of the name in it. Unknown parts of the address are
/// [`HOLE`]s; one inside the name stays in it. `None` when the text is no address of a known form.
pub fn address(text: &str) -> Option<(NodeKind, std::ops::Range<usize>)> {
    static FORMS: LazyLock<Vec<Form>> = LazyLock::new(forms);
    // Forms are looked at only for texts that can be one: nearly all names are not.
    if !text.starts_with("arn:") && !text.contains("://") {
        return None;
    }
    FORMS.iter().find_map(|form| {
        let (start, end) = fit(&form.pieces, text, 0)?;
        (start < end).then_some((form.kind, start..end))
    })
}

/// The client name of the service that answers at an address; unknown parts of it are [`HOLE`]s. From
/// `data/service_addresses.tsv`: services that are spoken to in another way than by their API.
pub fn service_at(text: &str) -> Option<&'static str> {
    let mut rows = crate::table::rows::<2>(include_str!("../data/service_addresses.tsv"));
    rows.find(|[_, form]| fit(&pieces(form), text, 0).is_some()).map(|[client, _]| client)
}

fn forms() -> Vec<Form> {
    let lines = include_str!("../data/addresses.tsv").lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    let read = |line: &str| {
        let (kind, form) = line.split_once('\t')?;
        Some(Form { kind: NodeKind::parse(kind)?, pieces: pieces(form) })
    };
    lines.map(|line| read(line).expect("the catalog's own table is well formed")).collect()
}

fn pieces(form: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = form;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("**") {
            out.push(Piece::Any);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('*') {
            out.push(Piece::Some);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{name}") {
            out.push(Piece::Name);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{path}") {
            out.push(Piece::Path);
            rest = after;
        } else {
            let end = rest.find(['*', '{']).unwrap_or(rest.len());
            out.push(Piece::Text(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    out
}

/// Where the name is, when the pieces fit the rest of the text from `at`; `(0, 0)` when no name is among them.
fn fit(pieces: &[Piece], text: &str, at: usize) -> Option<(usize, usize)> {
    let Some((first, rest)) = pieces.split_first() else {
        return (at == text.len()).then_some((0, 0));
    };
    match first {
        Piece::Text(known) => {
            let end = text[at..].starts_with(known.as_str()).then_some(at + known.len())?;
            fit(rest, text, end)
        }
        Piece::Some | Piece::Name | Piece::Any | Piece::Path => {
            let open = matches!(first, Piece::Any | Piece::Path);
            let mut ends = text[at..].char_indices().map(|(i, c)| (at + i, Some(c))).chain([(text.len(), None)]);
            loop {
                let (end, next) = ends.next()?;
                if let Some((start, stop)) = fit(rest, text, end) {
                    return Some(if matches!(first, Piece::Name | Piece::Path) { (at, end) } else { (start, stop) });
                }
                // An ARN's parameter name begins with a slash that belongs to it.
                let leading = *first == Piece::Name && end == at && next == Some('/');
                match next {
                    None => return None,
                    Some('/' | ':') if !open && !leading => return None,
                    Some('&') if *first == Piece::Path => return None,
                    Some(_) => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let text = text.replace('~', &HOLE.to_string());
        let got = address(&text).map_or("none".to_owned(), |(kind, at)| format!("{kind} {}", &text[at]));
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn names_are_found_in_addresses() {
        check("arn:aws:sqs:eu-west-1:123:orders", "queue orders");
        check("arn:~:sqs:~:~:orders", "queue orders");
        check("http://localhost:2773/secretsmanager/get?secretId=a/b&x=1", "secret a/b");
        check("http://localhost:2773/systemsmanager/parameters/get?name=/a/b", "parameter /a/b");
        check("https://sqs.~.amazonaws.com/~/orders", "queue orders");
        check("arn:aws:dynamodb:~:~:table/orders/stream/*", "table orders");
        check("arn:aws:s3:::photos/in/*", "bucket photos");
        check("s3://photos/a/b", "bucket photos");
        check("arn:aws:lambda:~:~:function:pay:live", "function pay");
    }

    #[test]
    fn services_answer_at_addresses() {
        assert_eq!(service_at("smtp://email-smtp.eu-west-1.amazonaws.com"), Some("ses"));
        assert_eq!(service_at(&format!("smtp://email-smtp.{HOLE}.amazonaws.com:587")), Some("ses"));
        assert_eq!(service_at("smtp://mail.example.com"), None);
        assert_eq!(service_at("https://email-smtp.eu-west-1.amazonaws.com"), None);
    }

    #[test]
    fn other_texts_are_no_addresses() {
        check("orders", "none");
        check("https://api.example.com/orders", "none");
        check("arn:aws:iam::123:role/x", "none");
        check("arn:", "none");
    }
}
