//! JSON as a [`Tree`]. Comments and trailing commas are let pass, as tools that read templates do.

use crate::tree::{Key, MAX_DEPTH, Node, Tree};
use facts::{Diagnostic, Place, SourceFile};
use indexmap::IndexMap;
use jsonc_parser::ast::{Object, ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::sync::Arc;

/// Reads a file; what stands before a syntax error is kept.
pub(crate) fn read(file: &SourceFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Tree> {
    match parse(&file.text) {
        Ok(value) => told(file, &value?, diagnostics),
        Err(error) => {
            let at = error.range().start;
            let place = Cursor::new(file).to(at);
            let message = format!("this is no JSON: {}; what follows it is left out", error.kind());
            diagnostics.push(Diagnostic::error("syntax", place, message));
            let whole = closed(&file.text, at)?;
            told(file, &parse(&whole).ok()??, diagnostics)
        }
    }
}

fn parse(text: &str) -> Result<Option<Value<'_>>, ParseError> {
    let options = ParseOptions { allow_missing_commas: false, ..ParseOptions::default() };
    Ok(parse_to_ast(text, &CollectOptions::default(), &options)?.value)
}

fn told(file: &SourceFile, value: &Value<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Tree> {
    let mut cursor = Cursor::new(file);
    let tree = tree(value, &mut cursor, 0);
    for key in cursor.repeated {
        let message = format!("the key `{}` stands twice; the last one counts", key.text);
        diagnostics.push(Diagnostic::warning("repeated-key", key.place, message));
    }
    tree
}

/// The text up to its last comma before `end`, with every list and map that is open there closed.
fn closed(text: &str, end: usize) -> Option<String> {
    let (mut open, mut last, mut quoted, mut escaped) = (Vec::new(), None, false, false);
    for (at, byte) in text.bytes().enumerate().take(end) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            b'}' | b']' => drop(open.pop()),
            b',' if open.len() < MAX_DEPTH => last = Some((at, open.clone())),
            _ => {}
        }
    }
    let (at, open) = last?;
    Some(text[..at].chars().chain(open.into_iter().rev()).collect())
}

/// The value as a tree; `None` for what is nested too deeply.
fn tree(value: &Value<'_>, cursor: &mut Cursor<'_>, depth: usize) -> Option<Tree> {
    if depth > MAX_DEPTH {
        return None;
    }
    let place = cursor.to(value.range().start);
    let node = match value {
        Value::NullKeyword(_) => Node::Null,
        Value::StringLit(text) => Node::Scalar(text.value.as_ref().into(), true),
        Value::NumberLit(number) => Node::Scalar(number.value.into(), false),
        Value::BooleanLit(truth) => Node::Scalar(truth.value.to_string().into(), false),
        Value::Array(array) => Node::List(array.elements.iter().filter_map(|e| tree(e, cursor, depth + 1)).collect()),
        Value::Object(map) => Node::Map(object(map, cursor, depth)),
    };
    Some(Tree { place, node })
}

/// The entries of an object; of entries with the same key the last one.
fn object(map: &Object<'_>, cursor: &mut Cursor<'_>, depth: usize) -> Vec<(Key, Tree)> {
    let mut entries: IndexMap<Arc<str>, (Key, Tree)> = IndexMap::new();
    for property in &map.properties {
        let place = cursor.to(property.range.start);
        let text: Arc<str> = match &property.name {
            ObjectPropName::String(text) => text.value.as_ref().into(),
            ObjectPropName::Word(word) => word.value.into(),
        };
        let Some(value) = tree(&property.value, cursor, depth + 1) else { continue };
        let key = Key { text: text.clone(), place };
        if entries.insert(text, (key.clone(), value)).is_some() {
            cursor.repeated.push(key);
        }
    }
    entries.into_values().collect()
}

/// Turns growing byte offsets into lines and columns in one pass over the text.
struct Cursor<'t> {
    file: &'t SourceFile,
    offset: usize,
    line: u32,
    column: u32,
    repeated: Vec<Key>,
}

impl<'t> Cursor<'t> {
    fn new(file: &'t SourceFile) -> Self {
        Self { file, offset: 0, line: 1, column: 1, repeated: Vec::new() }
    }

    /// The place of an offset not before the last one.
    fn to(&mut self, offset: usize) -> Place {
        for c in self.file.text.get(self.offset..offset).unwrap_or_default().chars() {
            if c == '\n' {
                (self.line, self.column) = (self.line + 1, 1);
            } else {
                self.column += 1;
            }
        }
        self.offset = self.offset.max(offset);
        Place::new(self.file.path.clone(), self.line, self.column)
    }
}
