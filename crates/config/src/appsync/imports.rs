//! Functions of the runtime's own modules, as resolver code imports them.

use super::tokens::{Kind, Token};
use std::collections::BTreeMap;

/// The runtime's own modules that code imports.
#[derive(Default)]
pub(super) struct Imports<'f> {
    /// Names of whole modules.
    modules: Vec<String>,
    /// Names of single functions, each with the operation that it makes.
    functions: BTreeMap<String, &'f str>,
    known: Option<&'f BTreeMap<String, String>>,
}

impl<'f> Imports<'f> {
    /// Reads the import declarations; `known` are the functions of the modules, each with its operation.
    pub(super) fn read(tokens: &[Token], known: &'f BTreeMap<String, String>) -> Self {
        let mut imports = Self { known: Some(known), ..Self::default() };
        let word = |t: &Token, wanted: &str| matches!(&t.kind, Kind::Word(w) if w == wanted);
        let mut at = 0;
        while let Some(start) = tokens[at..].iter().position(|t| word(t, "import")).map(|i| at + i) {
            let Some(end) = tokens[start..].iter().position(|t| matches!(t.kind, Kind::Text(_))) else { break };
            let clause = &tokens[start + 1..start + end];
            at = start + end + 1;
            let Kind::Text(module) = &tokens[start + end].kind else { continue };
            if module.starts_with("@aws-appsync/utils/") {
                imports.clause(clause);
            }
        }
        imports
    }

    fn clause(&mut self, clause: &[Token]) {
        let words: Vec<&str> = clause
            .iter()
            .filter_map(|t| match &t.kind {
                Kind::Word(word) => Some(word.as_str()),
                Kind::Mark(b'*') => Some("*"),
                _ => None,
            })
            .collect();
        for (i, name) in words.iter().enumerate() {
            let alias = if words.get(i + 1) == Some(&"as") { words.get(i + 2).copied() } else { None };
            if *name == "*" {
                self.modules.extend(alias.map(str::to_owned));
            } else if let Some(operation) = self.known.and_then(|k| k.get(*name)) {
                self.functions.insert(alias.unwrap_or(name).to_owned(), operation);
            }
        }
    }

    /// The operation that a call makes whose name ends at `at`.
    pub(super) fn operation(&self, tokens: &[Token], at: usize) -> Option<&'f str> {
        let Kind::Word(name) = &tokens[at].kind else { return None };
        let dotted = at > 0 && tokens[at - 1].kind == Kind::Mark(b'.');
        if !dotted {
            return self.functions.get(name).copied();
        }
        let Kind::Word(module) = &tokens.get(at.checked_sub(2)?)?.kind else { return None };
        let known = self.modules.contains(module).then_some(self.known)??;
        known.get(name).map(String::as_str)
    }
}
