//! The tokens of mapping templates (VTL) and of resolver code (JavaScript): what both readers need to find the
//! keys and values of a request. Everything else in them is passed over.

/// Which of the two a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// A mapping template.
    Vtl,
    /// Code of the `APPSYNC_JS` runtime.
    Js,
}

/// A token with the byte at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A string with its escapes replaced; references in it stay as they are written.
    Text(String),
    /// A name or number.
    Word(String),
    /// A reference of a template: `$ctx.args.id`, `${name}`; without its arguments.
    Reference(String),
    /// A directive of a template: `if`, `end`, `set`.
    Directive(String),
    /// Any other character.
    Mark(u8),
}

/// Bytes that one reference inside of a string may have; the arguments of a longer one are read as text.
const MAX_REFERENCE: usize = 2048;

const DIRECTIVES: &[&str] = &[
    "if", "elseif", "else", "end", "set", "foreach", "return", "macro", "define", "break", "stop", "parse", "include",
    "evaluate",
];

/// Cuts a text into tokens, in time linear in its length.
pub(super) fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, language, out: Vec::new(), open_until: 0, lines: 0 };
    reader.read();
    reader.out
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    language: Language,
    out: Vec<Token>,
    /// No parenthesis that is open before this byte is closed before it.
    open_until: usize,
    /// No quote between the last one looked for and this byte: its line has none.
    lines: usize,
}

impl Reader<'_> {
    fn read(&mut self) {
        while self.at < self.bytes.len() {
            let start = self.at;
            match (self.bytes[start], self.language) {
                (b'#', Language::Vtl) => self.hash(),
                (b'$', Language::Vtl) => self.reference(),
                (b'/', Language::Js) => self.slash(),
                (b'"', _) => self.string(b'"'),
                (b'\'' | b'`', Language::Js) => self.string(self.bytes[start]),
                (b'\'', Language::Vtl) if self.closes_in_line() => self.string(b'\''),
                (c, _) if c.is_ascii_whitespace() => self.at += 1,
                (c, _) if is_word(c) => self.word(),
                (c, _) => {
                    self.at += 1;
                    self.push(start, Kind::Mark(c));
                }
            }
        }
    }

    fn push(&mut self, at: usize, kind: Kind) {
        self.out.push(Token { at, kind });
    }

    fn skip_to(&mut self, end: &str) {
        let rest = &self.text.as_bytes()[self.at..];
        let found = memchr(rest, end.as_bytes());
        self.at = found.map_or(self.bytes.len(), |i| self.at + i + end.len());
    }

    /// A comment, a raw text or a directive.
    fn hash(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start + 1..];
        match rest.first() {
            Some(b'#') => self.skip_to("\n"),
            Some(b'*') => self.skip_to("*#"),
            Some(b'[') if rest.get(1) == Some(&b'[') => self.skip_to("]]#"),
            first => {
                let braced = first == Some(&b'{');
                let from = start + 1 + usize::from(braced);
                let to = word_end(self.bytes, from);
                let name = &self.text[from..to];
                self.at = to.max(start + 1);
                if DIRECTIVES.contains(&name) {
                    self.at += usize::from(braced && self.bytes.get(to) == Some(&b'}'));
                    self.push(start, Kind::Directive(name.to_owned()));
                }
            }
        }
    }

    fn reference(&mut self) {
        let start = self.at;
        let end = reference_name(self.bytes, start);
        self.at = end.max(start + 1);
        self.push(start, Kind::Reference(self.text[start..self.at].to_owned()));
    }

    /// A comment, a regular expression or a division.
    fn slash(&mut self) {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'/') => self.skip_to("\n"),
            Some(b'*') => {
                self.at += 2;
                self.skip_to("*/");
            }
            _ => {
                let operand = !matches!(
                    self.out.last().map(|t| &t.kind),
                    Some(Kind::Word(_) | Kind::Text(_) | Kind::Mark(b')' | b']'))
                );
                let line = self.bytes[start + 1..].iter().take_while(|b| **b != b'\n').take(MAX_REFERENCE);
                let mut escaped = false;
                let close = line.clone().position(|b| {
                    let closes = *b == b'/' && !escaped;
                    escaped = *b == b'\\' && !escaped;
                    closes
                });
                self.at = match close.filter(|_| operand) {
                    Some(i) => start + i + 2,
                    None => start + 1,
                };
            }
        }
    }

    fn word(&mut self) {
        let start = self.at;
        self.at = word_end(self.bytes, start);
        self.push(start, Kind::Word(self.text[start..self.at].to_owned()));
    }

    /// Whether a quote in a template is closed in its line; otherwise it is an apostrophe.
    fn closes_in_line(&mut self) -> bool {
        if self.at < self.lines {
            return false;
        }
        let rest = &self.bytes[self.at + 1..];
        let next = rest.iter().position(|b| matches!(b, b'\n' | b'\'')).unwrap_or(rest.len());
        let closed = rest.get(next) == Some(&b'\'');
        if !closed {
            self.lines = self.at + 1 + next;
        }
        closed
    }

    fn string(&mut self, quote: u8) {
        let start = self.at;
        let mut value = Vec::new();
        self.at += 1;
        while let Some(&c) = self.bytes.get(self.at) {
            match c {
                c if c == quote => break,
                b'\\' => self.escape(&mut value),
                b'$' if self.holds_code() => {
                    let end = self.code_end();
                    value.extend_from_slice(&self.bytes[self.at..end]);
                    self.at = end;
                }
                c => {
                    value.push(c);
                    self.at += 1;
                }
            }
        }
        self.at = (self.at + 1).min(self.bytes.len());
        self.push(start, Kind::Text(String::from_utf8_lossy(&value).into_owned()));
    }

    fn escape(&mut self, value: &mut Vec<u8>) {
        let Some(&next) = self.bytes.get(self.at + 1) else {
            self.at += 1;
            return;
        };
        value.push(match next {
            b'n' | b'\n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            other => other,
        });
        self.at += 2;
    }

    /// Whether a `$` in a string can begin something with quotes of its own in it.
    fn holds_code(&self) -> bool {
        self.language == Language::Vtl || self.bytes.get(self.at + 1) == Some(&b'{')
    }

    /// The end of a reference with its arguments, or of `${…}` in a JavaScript template.
    fn code_end(&mut self) -> usize {
        let start = self.at;
        let name = match self.language {
            Language::Vtl => reference_name(self.bytes, start).max(start + 1),
            Language::Js => start + 1,
        };
        let mut at = name;
        loop {
            let opens = match self.language {
                Language::Vtl => b'(',
                Language::Js => b'{',
            };
            if self.bytes.get(at) != Some(&opens) || at < self.open_until {
                return at;
            }
            let Some(end) = balanced(self.bytes, at) else {
                self.open_until = at + MAX_REFERENCE;
                return at;
            };
            at = end;
            // `.method(…)` may follow.
            if self.language == Language::Js || self.bytes.get(at) != Some(&b'.') {
                return at;
            }
            at = word_end(self.bytes, at + 1);
        }
    }
}

fn memchr(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut from = 0;
    while let Some(i) = text[from..].iter().position(|b| b == first) {
        if text[from + i + 1..].starts_with(rest) {
            return Some(from + i);
        }
        from += i + 1;
    }
    None
}

/// The byte after the bracket that closes the one at `at`; strings in between are passed over.
fn balanced(bytes: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_u32;
    let mut quote = None;
    for (i, &c) in bytes.iter().enumerate().skip(at).take(MAX_REFERENCE) {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, b'"' | b'\'' | b'`') => quote = Some(c),
            (None, b'(' | b'{' | b'[') => depth += 1,
            (None, b')' | b'}' | b']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(i + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The end of `$name.field`, `$!name`, `${name.field}`.
pub(super) fn reference_name(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    at += usize::from(bytes.get(at) == Some(&b'!'));
    let braced = bytes.get(at) == Some(&b'{');
    at += usize::from(braced);
    // `${!name}` is how a substitution writes a brace that is not its own.
    at += usize::from(braced && bytes.get(at) == Some(&b'!'));
    let first = at;
    while at < bytes.len() {
        let end = word_end(bytes, at);
        if end == at {
            break;
        }
        at = end;
        let more = bytes.get(at) == Some(&b'.') && bytes.get(at + 1).copied().is_some_and(is_word);
        let pseudo = braced && bytes[at..].starts_with(b"::");
        match (more, pseudo) {
            (true, _) => at += 1,
            (_, true) => at += 2,
            _ => break,
        }
    }
    if at == first {
        return start + 1;
    }
    at + usize::from(braced && bytes.get(at) == Some(&b'}'))
}

fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    bytes[from.min(bytes.len())..].iter().position(|c| !is_word(*c)).map_or(bytes.len(), |i| from + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, text: &str, expected: &[&str]) {
        let shown: Vec<String> = tokens(text, language)
            .into_iter()
            .map(|t| match t.kind {
                Kind::Text(text) => format!("'{text}'"),
                Kind::Word(word) => word,
                Kind::Reference(name) => name,
                Kind::Directive(name) => format!("#{name}"),
                Kind::Mark(mark) => char::from(mark).to_string(),
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn templates() {
        let vtl = |text, expected| check(Language::Vtl, text, expected);
        vtl(r#"#if($a) "k": "v" #{else} x #end"#, &["#if", "(", "$a", ")", "'k'", ":", "'v'", "#else", "x", "#end"]);
        vtl("## \"no\"\n#* {\n *# #[[ \"raw\" ]]# 1", &["1"]);
        vtl(r#""$util.toJson($ctx.args.get("id"))" x"#, &[r#"'$util.toJson($ctx.args.get("id"))'"#, "x"]);
        vtl(r#""a\"b" ${Table.Arn} $!{x} ${AWS::Region}"#, &["'a\"b'", "${Table.Arn}", "$!{x}", "${AWS::Region}"]);
        vtl("it's { \"k\" }", &["it", "'", "s", "{", "'k'", "}"]);
        vtl("#set($a = 'x') #ffffff #iffy", &["#set", "(", "$a", "=", "'x'", ")"]);
        vtl("costs $5 $", &["costs", "$5", "$"]);
    }

    #[test]
    fn code() {
        let js = |text, expected| check(Language::Js, text, expected);
        js("// no\nconst a = 'b' /* no */", &["const", "a", "=", "'b'"]);
        js("sql`SELECT ${`a`} FROM t`;", &["sql", "'SELECT ${`a`} FROM t'", ";"]);
        js("x.match(/[\"'`]/g); a / b", &["x", ".", "match", "(", "g", ")", ";", "a", "b"]);
    }

    #[test]
    fn hostile_texts_end() {
        for piece in ["$a(\"", "\"", "#if(", "#", "$", "${", "#*", "'", "`${", "/", "\\", "é", "#[[", "\"$a(\""] {
            for language in [Language::Vtl, Language::Js] {
                let _ = tokens(&piece.repeat(200_000), language);
            }
        }
    }
}
