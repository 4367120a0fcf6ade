//! How variables are written: `${self:custom.x, 'y'}`, `${file(a.yml):b}`, `${cf(eu-west-1):stack.Out}`.
//!
//! Versions 1 and 2 of the framework write `${opt:stage, self:provider.stage}`, later ones
//! `${opt:stage, ${self:provider.stage}}`; both are read. `#{X}` is what the pseudo-parameters plugin makes
//! a CloudFormation `${X}` of. See <https://www.serverless.com/framework/docs/guides/variables>.

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// As it stands, CloudFormation's own `${Name}` included.
    Text(&'t str),
    /// What stands between the braces of a variable.
    Variable(&'t str),
    /// A name for CloudFormation: `AWS::Region`, `Table.Arn`.
    Name(&'t str),
}

/// One of the values that a variable may have: the first that exists counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Alternative<'t> {
    /// A text, number or truth value.
    Literal(&'t str),
    /// A source with its parameters and an address: `file`, `a.yml`, `b.c`.
    Source(&'t str, Option<&'t str>, &'t str),
    /// A variable inside the variable.
    Nested(&'t str),
}

/// Where variables come from.
const SOURCES: &[&str] = &[
    "self",
    "file",
    "opt",
    "sls",
    "env",
    "param",
    "ssm",
    "cf",
    "s3",
    "aws",
    "strToBool",
    "git",
    "output",
    "state",
    "terraform",
    "vault",
    "doppler",
    "secrets",
];

/// Cuts a text into pieces. A `${Name}` without a source is CloudFormation's.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = text[at..].find(['$', '#']).map(|i| at + i) {
        let Some(end) = closing(text, found) else {
            at = found + 1;
            continue;
        };
        let inner = text[found + 2..end].trim();
        // `${{self:x}}` is how some projects set the syntax, to keep CloudFormation's braces apart.
        let inner = inner.strip_prefix('{').and_then(|i| i.strip_suffix('}')).map_or(inner, str::trim);
        let piece = if text[found..].starts_with('#') || inner.starts_with("AWS::") {
            Some(Piece::Name(inner))
        } else {
            is_variable(inner).then_some(Piece::Variable(inner))
        };
        if let Some(piece) = piece {
            if start < found {
                out.push(Piece::Text(&text[start..found]));
            }
            out.push(piece);
            start = end + 1;
        }
        at = end + 1;
    }
    if start < text.len() || out.is_empty() {
        out.push(Piece::Text(&text[start..]));
    }
    out
}

/// The index of the brace that closes the one after `start`.
fn closing(text: &str, start: usize) -> Option<usize> {
    if text.as_bytes().get(start + 1) != Some(&b'{') {
        return None;
    }
    let mut depth = 0_usize;
    for (i, byte) in text.bytes().enumerate().skip(start + 1) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

fn is_variable(inner: &str) -> bool {
    let name: &str = &inner[..inner.find([':', '(', '.', ',']).unwrap_or(inner.len())];
    let after = inner[name.len()..].chars().next();
    let quoted = inner.starts_with(['\'', '"']);
    quoted || (SOURCES.contains(&name) && matches!(after, Some(':' | '('))) || is_regional(inner) || unknown(inner)
}

/// `cf.us-east-1:stack.Out` of version 1.
fn is_regional(inner: &str) -> bool {
    ["cf.", "ssm."].iter().any(|p| inner.starts_with(p)) && inner.contains(':')
}

/// A source that nobody knows: a plugin's. CloudFormation's names hold no single colon.
fn unknown(inner: &str) -> bool {
    let Some((name, rest)) = inner.split_once(':') else { return false };
    !name.is_empty() && !rest.starts_with(':') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The alternatives of a variable, in order.
pub(super) fn alternatives(inner: &str) -> Vec<Alternative<'_>> {
    split(inner, ',').into_iter().map(|one| alternative(one.trim())).collect()
}

fn alternative(text: &str) -> Alternative<'_> {
    if text.starts_with("${") && closing(text, 0) == Some(text.len() - 1) {
        return Alternative::Nested(text);
    }
    for quote in ['\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)) {
            return Alternative::Literal(inner);
        }
    }
    if let Some(open) = text.find('(').filter(|open| text[..*open].chars().all(|c| c.is_ascii_alphanumeric()))
        && let Some(close) = closing_parenthesis(text, open)
    {
        let address = text[close + 1..].strip_prefix(':').unwrap_or_default();
        return Alternative::Source(&text[..open], Some(text[open + 1..close].trim()), address.trim());
    }
    if is_regional(text)
        && let (Some((source, _)), Some((_, address))) = (text.split_once('.'), text.split_once(':'))
    {
        return Alternative::Source(source, None, address.trim());
    }
    match text.split_once(':') {
        Some((source, address)) if is_variable(text) => Alternative::Source(source, None, address.trim()),
        _ => Alternative::Literal(text),
    }
}

fn closing_parenthesis(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (i, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

/// Cuts at a separator outside of brackets and quotes.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    let mut out = Vec::new();
    for (i, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('\'' | '"', None) => quote = Some(c),
            ('(' | '{', None) => depth += 1,
            (')' | '}', None) => depth -= 1,
            (c, None) if c == separator && depth == 0 => {
                out.push(&text[start..i]);
                start = i + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = pieces(text).into_iter().map(|piece| match piece {
            Piece::Text(text) => format!("{text:?}"),
            Piece::Name(name) => format!("name {name}"),
            Piece::Variable(inner) => {
                let all = alternatives(inner).into_iter().map(|a| match a {
                    Alternative::Literal(text) => format!("{text:?}"),
                    Alternative::Nested(text) => format!("nested {text}"),
                    Alternative::Source(source, None, address) => format!("{source} {address}"),
                    Alternative::Source(source, Some(with), address) => format!("{source}<{with}> {address}"),
                });
                format!("[{}]", all.collect::<Vec<_>>().join(" or "))
            }
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
    }

    #[test]
    fn variables_and_text() {
        check("plain", "\"plain\"");
        check("", "\"\"");
        check("${self:service}-x", "[self service] \"-x\"");
        check("a-${opt:stage, 'dev'}", "\"a-\" [opt stage or \"dev\"]");
        check("${opt:stage, self:provider.stage}", "[opt stage or self provider.stage]");
        check("${self:a, ${self:b, 'c,d'}}", "[self a or nested ${self:b, 'c,d'}]");
        check("${file(./x.yml):a.b}", "[file<./x.yml> a.b]");
        check("${file(x-${opt:stage}.yml)}", "[file<x-${opt:stage}.yml> ]");
        check("${cf(eu-west-1):stack.Out}", "[cf<eu-west-1> stack.Out]");
        check("${cf.eu-west-1:stack.Out}", "[cf stack.Out]");
        check("${strToBool(${self:x})}", "[strToBool<${self:x}> ]");
        check("${{self:x}}", "[self x]");
        check("${plugin:x}", "[plugin x]");
    }

    #[test]
    fn names_of_cloudformation_stay() {
        check("${Table.Arn}/x", "\"${Table.Arn}/x\"");
        check("${AWS::Region}", "name AWS::Region");
        check("arn:#{AWS::Region}:#{Fn}", "\"arn:\" name AWS::Region \":\" name Fn");
        check("${broken", "\"${broken\"");
        check("$ # {} é", "\"$ # {} é\"");
    }
}
