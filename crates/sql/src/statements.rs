//! What SQL statements do: which tables they read and write, which procedures they call. Placeholders of any kind
//! may stand in them; a name that is computed is no name.

use crate::tokens::{Token, tokens};
use std::collections::BTreeSet;

/// What a text of statements does. Names as they are written, without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements {
    /// Tables that are read.
    pub reads: BTreeSet<String>,
    /// Tables that are written.
    pub writes: BTreeSet<String>,
    /// Procedures and functions that are called.
    pub calls: BTreeSet<String>,
    /// Functions that a query calls beside its tables, and that not every database is known to have: those of the
    /// database's own, and built-in ones of some dialect.
    pub functions: BTreeSet<String>,
    /// The first words of the statements.
    pub verbs: BTreeSet<String>,
    /// What is done to something whose name is computed.
    pub computed: BTreeSet<Use>,
}

/// What a name stands after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// It is read.
    Read,
    /// It is written.
    Write,
    /// It is called.
    Call,
}

/// Words after which a name of a table does not follow yet.
const BEFORE_NAME: &[&str] = &[
    "IGNORE",
    "LOW_PRIORITY",
    "HIGH_PRIORITY",
    "DELAYED",
    "QUICK",
    "ONLY",
    "LATERAL",
    "TABLE",
    "INTO",
    "OVERWRITE",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "IF",
    "EXISTS",
];

/// Schemas of the database itself: what is asked of their tables is about no table of anybody's.
const OWN_SCHEMAS: &[&str] = &["information_schema", "pg_catalog", "performance_schema", "mysql", "sys"];

/// How the database's own tables begin where they are in no schema: `PostgreSQL`, and Redshift beside it.
const OWN_PREFIXES: &[&str] = &["pg_", "svv_", "svl_", "svcs_", "stv_", "stl_"];

/// Where a query is put that is put into no table.
const NO_TABLES: &[&str] = &["OUTFILE", "DUMPFILE", "STRICT"];

/// What stands between `CREATE` and `TABLE`.
const OF_TABLES: &[&str] =
    &["OR", "REPLACE", "TEMPORARY", "TEMP", "UNLOGGED", "EXTERNAL", "GLOBAL", "LOCAL", "FOREIGN", "MATERIALIZED"];

/// Functions whose arguments are written with `FROM`.
const FROM_INSIDE: &[&str] = &["EXTRACT", "SUBSTRING", "SUBSTR", "TRIM", "OVERLAY", "POSITION"];

/// Words of the language that a bracket may follow.
const WORDS: &str = "all and any as between by case check distinct else except from group having in insert intersect into \
    join key like not on or order over partition primary references returning select set some then union unique \
    update using values when where with within";

/// What every database has by itself.
const BUILT_IN: &str = "abs array_agg avg bool_and bool_or cast ceil char_length coalesce concat concat_ws convert count curdate \
    current_date current_timestamp curtime database date date_add date_format date_sub datediff dual exists \
    extract first_value floor found_rows from_unixtime gen_random_uuid generate_series greatest group_concat if \
    ifnull isnull json_agg json_array json_arrayagg json_array_elements json_build_object json_each json_extract \
    json_object json_objectagg json_populate_record json_populate_recordset json_table json_to_recordset jsonb_agg \
    jsonb_array_elements jsonb_build_object jsonb_each jsonb_to_recordset last_insert_id last_value lastval least \
    left length lower max md5 min mod nextval now nullif pg_sleep power rand random regexp_split_to_table replace \
    right round row_count row_number row_to_json sleep string_agg string_to_array substr substring sum sysdate \
    timestampdiff to_char to_date to_json to_jsonb trim unix_timestamp unnest upper user utc_timestamp uuid \
    uuid_generate_v4 uuid_to_bin values version xmltable";

/// Reads a text of statements, separated by `;`. Anything that is no statement does nothing.
pub fn read(text: &str) -> Statements {
    if let Some(mut inner) = unloaded(text).map(|query| read(&query)) {
        inner.verbs = BTreeSet::from(["UNLOAD".to_owned()]);
        return inner;
    }
    let tokens: Vec<Token> = tokens(text).into_iter().map(|(token, _)| token).collect();
    let mut out = Statements::default();
    for statement in tokens.split(|t| *t == Token::Mark(b';')) {
        Statement { tokens: statement, own: own_names(statement), out: &mut out }.read();
    }
    out
}

/// The query of `UNLOAD ('SELECT …') TO …`, which is a text inside of the statement.
fn unloaded(text: &str) -> Option<String> {
    let rest = text.trim_start();
    let verb = rest.get(..6).filter(|verb| verb.eq_ignore_ascii_case("UNLOAD"))?;
    let query = rest[verb.len()..].trim_start().strip_prefix('(')?.trim_start().strip_prefix('\'')?;
    let mut out = String::new();
    let mut pieces = query.split('\'');
    out.push_str(pieces.next()?);
    // A quote inside is written twice.
    while let Some("") = pieces.next() {
        out.push('\'');
        out.push_str(pieces.next().unwrap_or_default());
    }
    Some(out)
}

struct Statement<'s> {
    tokens: &'s [Token],
    /// Names that the statement gives to queries of its own.
    own: BTreeSet<String>,
    out: &'s mut Statements,
}

impl Statement<'_> {
    fn word(&self, at: usize) -> &str {
        match self.tokens.get(at) {
            Some(Token::Word(word)) => word,
            _ => "",
        }
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        let word = self.word(at);
        words.iter().any(|w| w.eq_ignore_ascii_case(word))
    }

    fn read(&mut self) {
        let Some(mut first) = self.tokens.iter().position(|t| *t != Token::Mark(b'(')) else { return };
        // `EXPLAIN (ANALYZE, VERBOSE) SELECT`
        if self.is(first, &["EXPLAIN"]) {
            let words = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE"];
            let Some(explained) = (first + 1..self.tokens.len()).find(|at| self.is(*at, &words)) else { return };
            first = explained;
        }
        let verb = self.word(first).to_ascii_uppercase();
        let known =
            ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "CALL", "EXEC", "EXECUTE"];
        if !known.contains(&verb.as_str()) && !self.definition(first, &verb) {
            return;
        }
        self.out.verbs.insert(verb.clone());
        let mut from = false;
        // The functions whose brackets are open, for `EXTRACT(YEAR FROM at)`.
        let mut brackets: Vec<bool> = Vec::new();
        for at in first..self.tokens.len() {
            match self.tokens[at] {
                Token::Mark(b'(') => {
                    let inside = at > 0 && self.is(at - 1, FROM_INSIDE);
                    brackets.push(inside);
                }
                Token::Mark(b')') => {
                    brackets.pop();
                }
                Token::Word(_) if brackets.last() != Some(&true) => {
                    from |= self.keyword(first, at, !brackets.is_empty());
                }
                _ => {}
            }
        }
        if verb == "SELECT" && !from {
            self.function(first + 1);
        }
        // What stands before brackets in a definition are its name and types, up to its query.
        let query = match verb.as_str() {
            "CREATE" | "ALTER" | "COPY" => (first..self.tokens.len()).find(|at| self.is(*at, &["SELECT"])),
            "DROP" | "LOAD" | "RENAME" => None,
            _ => Some(first),
        };
        if let Some(query) = query {
            self.functions(query);
        }
    }

    /// A statement that makes, changes, drops or loads a table; whether it is one.
    fn definition(&mut self, first: usize, verb: &str) -> bool {
        let mut at = first + 1;
        match verb {
            "CREATE" | "ALTER" | "DROP" => {
                while self.is(at, OF_TABLES) {
                    at += 1;
                }
                if !self.is(at, &["TABLE", "VIEW"]) {
                    return false;
                }
                at += 1;
                while self.is(at, &["IF", "NOT", "EXISTS", "ONLY"]) {
                    at += 1;
                }
                if verb == "DROP" { self.all_names(at, Use::Write) } else { self.names(at, Use::Write) }
            }
            // `RENAME TABLE a TO b, c TO d`
            "RENAME" if self.is(at, &["TABLE"]) => {
                while at < self.tokens.len() {
                    self.names(at + 1, Use::Write);
                    let next = (at + 1..self.tokens.len())
                        .find(|i| self.is(*i, &["TO"]) || self.tokens[*i] == Token::Mark(b','));
                    at = next.unwrap_or(self.tokens.len());
                }
            }
            "LOAD" => {
                let Some(into) = (at..self.tokens.len()).find(|i| self.is(*i, &["INTO"])) else { return false };
                self.names(into + 1, Use::Write);
            }
            "COPY" => {
                // `COPY orders (a, b) FROM …`, `COPY (SELECT …) TO …`
                let Some((name, end)) = self.name(at) else { return true };
                let from = (end..self.tokens.len()).find(|i| self.is(*i, &["FROM", "TO"]));
                let usage = if from.is_some_and(|i| self.is(i, &["TO"])) { Use::Read } else { Use::Write };
                self.add(name, end + 1, usage);
            }
            _ => return false,
        }
        true
    }

    /// Every name before a bracket that is neither a word of the language nor known to be built in.
    fn functions(&mut self, first: usize) {
        for at in first..self.tokens.len().saturating_sub(1) {
            let starts = at == 0 || self.tokens[at - 1] != Token::Mark(b'.');
            let after = at > 0 && self.is(at - 1, &["INTO", "TABLE", "INSERT", "AS", "WITH", "RECURSIVE", "JOIN"]);
            let named = matches!(&self.tokens[at], Token::Word(_) | Token::Quoted(_));
            let Some((Some(name), end)) = (named && starts && !after).then(|| self.name(at)).flatten() else {
                continue;
            };
            if self.tokens.get(end) != Some(&Token::Mark(b'(')) {
                continue;
            }
            let lower = name.to_ascii_lowercase();
            let known = is_built_in(&lower) || WORDS.split(' ').any(|word| word == lower) || self.own.contains(&lower);
            if !known && !self.out.calls.contains(&name) {
                self.out.functions.insert(name);
            }
        }
    }

    /// What a word says, inside of brackets or not; whether it is the `FROM` of a query.
    fn keyword(&mut self, first: usize, at: usize, inside: bool) -> bool {
        let begins = at == first || matches!(self.tokens[at - 1], Token::Mark(b'(' | b')')) || self.is(at - 1, &["AS"]);
        let next_is_bracket = self.tokens.get(at + 1) == Some(&Token::Mark(b'('));
        match self.word(at).to_ascii_uppercase().as_str() {
            "FROM" | "USING" if at > 0 && self.is(at - 1, &["DISTINCT"]) => {}
            // `JOIN b USING (id)`
            "USING" if next_is_bracket => {}
            // What is loaded comes from a file.
            "FROM" if self.is(first, &["COPY"]) && !inside => {}
            "FROM" if at > 0 && self.is(at - 1, &["DELETE"]) => self.names(at + 1, Use::Write),
            "FROM" => {
                // `DELETE a FROM a JOIN b`
                let written = self.is(first, &["DELETE"])
                    && at > first + 1
                    && matches!(self.tokens[first + 1], Token::Word(_) | Token::Quoted(_));
                self.names(at + 1, Use::Read);
                if written && at < first + 4 {
                    self.names(at + 1, Use::Write);
                }
                return true;
            }
            "JOIN" => self.names(at + 1, Use::Read),
            "USING" if self.is(first, &["DELETE", "MERGE"]) => self.names(at + 1, Use::Read),
            "INSERT" | "MERGE" if begins => self.names(at + 1, Use::Write),
            "UPDATE" if begins && !next_is_bracket => self.names(at + 1, Use::Write),
            "REPLACE" if at == first => self.names(at + 1, Use::Write),
            "TRUNCATE" if at == first => self.all_names(at + 1, Use::Write),
            // `SELECT * INTO copy FROM orders`
            "INTO"
                if self.is(first, &["SELECT"])
                    && !inside
                    && !self.is(at + 1, NO_TABLES)
                    && !self.word(at + 1).starts_with('@') =>
            {
                self.names(at + 1, Use::Write);
            }
            "CALL" | "EXEC" | "EXECUTE" if at == first => self.names(at + 1, Use::Call),
            _ => {}
        }
        false
    }

    /// The name at a token; of what is read, those after commas too: `FROM a x, b AS y`.
    fn names(&mut self, from: usize, usage: Use) {
        self.some_names(from, usage, usage == Use::Read);
    }

    /// The name at a token, and those after commas.
    fn all_names(&mut self, from: usize, usage: Use) {
        self.some_names(from, usage, true);
    }

    fn some_names(&mut self, from: usize, usage: Use, all: bool) {
        let mut at = from;
        loop {
            while self.is(at, BEFORE_NAME) {
                at += 1;
            }
            let Some((name, end)) = self.name(at) else { return };
            self.add(name, end, usage);
            at = end;
            if !all {
                return;
            }
            at += usize::from(self.is(at, &["AS"]));
            let alias = matches!(self.tokens.get(at), Some(Token::Word(_) | Token::Quoted(_)));
            at += usize::from(alias && self.tokens.get(at + 1) == Some(&Token::Mark(b',')));
            if self.tokens.get(at) != Some(&Token::Mark(b',')) {
                return;
            }
            at += 1;
        }
    }

    /// `schema.name` with the token after it; `None` inside where the name is computed.
    fn name(&self, from: usize) -> Option<(Option<String>, usize)> {
        let mut parts: Vec<&str> = Vec::new();
        let mut computed = false;
        let mut at = from;
        loop {
            match self.tokens.get(at) {
                // A table of a schema that is computed is known by its own name.
                Some(Token::Word(word)) if at > from || !is_keyword(word) => {
                    parts.push(word.as_str());
                    computed = false;
                }
                Some(Token::Quoted(name)) => {
                    parts.push(name);
                    computed = false;
                }
                Some(Token::Hole) => {
                    parts.clear();
                    computed = true;
                }
                _ => break,
            }
            at += 1;
            if self.tokens.get(at) != Some(&Token::Mark(b'.')) {
                break;
            }
            at += 1;
        }
        if at == from {
            return None;
        }
        Some(((!computed && !parts.is_empty()).then(|| parts.join(".")), at))
    }

    fn add(&mut self, name: Option<String>, end: usize, usage: Use) {
        let Some(name) = name else {
            self.out.computed.insert(usage);
            return;
        };
        let called = self.tokens.get(end) == Some(&Token::Mark(b'('));
        let lower = name.to_ascii_lowercase();
        let built_in = is_built_in(&lower);
        let schema = lower.split_once('.').map_or("", |(schema, _)| schema);
        let own_schema = OWN_SCHEMAS.contains(&schema)
            || !lower.contains('.') && OWN_PREFIXES.iter().any(|prefix| lower.starts_with(prefix));
        if self.own.contains(&lower) || lower == "dual" || own_schema {
            return;
        }
        match usage {
            // A function can stand where a table does.
            Use::Read if called && built_in => {}
            Use::Read if called => {
                self.out.calls.insert(name);
            }
            Use::Read => {
                self.out.reads.insert(name);
            }
            Use::Write => {
                self.out.writes.insert(name);
            }
            Use::Call => {
                self.out.calls.insert(name);
            }
        }
    }

    /// `SELECT shop.total(:id)`: a function of the database itself, not one that every database has.
    fn function(&mut self, from: usize) {
        let Some((Some(name), end)) = self.name(from) else { return };
        let built_in = is_built_in(&name.to_ascii_lowercase());
        if self.tokens.get(end) == Some(&Token::Mark(b'(')) && !built_in {
            self.out.calls.insert(name);
        }
    }
}

fn is_built_in(name: &str) -> bool {
    BUILT_IN.split(' ').any(|known| known == name)
}

fn is_keyword(word: &str) -> bool {
    let words = ["SELECT", "VALUES", "SET", "WHERE", "UNNEST", "ON", "AS", "DISTINCT", "CASE", "NOT", "NULL"];
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// `WITH a AS (…), b (x) AS (…)`: names that are no tables.
fn own_names(tokens: &[Token]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let with = |t: &Token| matches!(t, Token::Word(w) if w.eq_ignore_ascii_case("with"));
    if !tokens.iter().any(with) {
        return names;
    }
    for (i, token) in tokens.iter().enumerate() {
        let (Token::Word(name) | Token::Quoted(name)) = token else { continue };
        let after = |n: usize| tokens.get(i + n);
        let is_as = |t: Option<&Token>| matches!(t, Some(Token::Word(w)) if w.eq_ignore_ascii_case("as"));
        let starts = i > 0
            && match &tokens[i - 1] {
                Token::Mark(b',') => true,
                Token::Word(w) => ["with", "recursive"].iter().any(|k| w.eq_ignore_ascii_case(k)),
                _ => false,
            };
        let columns = || {
            let close = tokens[i + 1..].iter().take(64).position(|t| *t == Token::Mark(b')'));
            after(1) == Some(&Token::Mark(b'(')) && close.is_some_and(|c| is_as(after(c + 2)))
        };
        if starts && (is_as(after(1)) && after(2) == Some(&Token::Mark(b'(')) || columns()) {
            names.insert(name.to_ascii_lowercase());
        }
    }
    names
}

#[cfg(test)]
mod tests;
