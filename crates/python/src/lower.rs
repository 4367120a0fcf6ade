//! From syntax tree to summary: the module, and what all the rest of it needs.

use crate::functions::Pending;
use crate::loops::Loop;
use crate::recovery::Source;
use crate::scope::{Mark, Scope};
use crate::statements::is_main_check;
use facts::code::{ClassId, Function, FunctionId, Position, Stmt, Unit, Value, ValueId};
use facts::{Diagnostic, Place, SourceFile};
use ruff_python_ast::{self as ast, Identifier};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Syntax nodes inside one another; what is nested deeper is left out.
pub(crate) const MAX_DEPTH: u32 = 180;

/// Broken places named in one file.
const MAX_SYNTAX_DIAGNOSTICS: usize = 3;

/// Lowers one file.
pub(crate) struct Lowerer<'t> {
    pub(crate) text: &'t str,
    line_starts: Vec<usize>,
    names: RefCell<FxHashMap<&'t str, Arc<str>>>,
    pub(crate) unit: Unit,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) pending: Vec<Vec<Pending<'t>>>,
    imports: BTreeSet<Arc<str>>,
    pub(crate) mentions: BTreeSet<Arc<str>>,
    pub(crate) depth: u32,
    /// How many more values may be read for the names of modules.
    pub(crate) readable: Cell<u32>,
    /// The loops around what is being lowered, the innermost last.
    pub(crate) loops: Vec<Loop>,
    /// Calls lowered so far: tells whether an expression holds one.
    pub(crate) calls: u32,
    /// The class whose body is being lowered, and its dotted name.
    pub(crate) classes: Vec<(ClassId, Arc<str>)>,
    /// The comprehensions being lowered: in how many scopes, and where their variables begin.
    pub(crate) comprehensions: Vec<(usize, Mark)>,
    /// The last position asked for: byte, index of its line, column.
    last_position: Cell<(usize, usize, usize)>,
    /// Where code was first left out because it is too deep.
    too_deep: Option<Position>,
    /// Where the statement being lowered stands.
    pub(crate) at: TextSize,
}

/// Summarises a parsed file.
pub(crate) fn lower(file: &SourceFile, source: &Source) -> Unit {
    let text = &file.text;
    let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let unit =
        Unit { path: file.path.clone(), language: "python", functions: vec![Function::default()], ..Unit::default() };
    let mut lowerer = Lowerer {
        text,
        line_starts,
        names: RefCell::default(),
        unit,
        scopes: vec![Scope::new(FunctionId::MODULE, Function::default())],
        pending: vec![Vec::new()],
        imports: BTreeSet::new(),
        mentions: BTreeSet::new(),
        depth: 0,
        readable: Cell::new(crate::imports::MAX_READ),
        loops: Vec::new(),
        calls: 0,
        classes: Vec::new(),
        comprehensions: Vec::new(),
        last_position: Cell::new((0, 0, 1)),
        too_deep: None,
        at: TextSize::default(),
    };
    lowerer.mistakes(source);
    let body = lowerer.block(&source.body);
    lowerer.main_block(&source.body);
    lowerer.finish_pending();
    lowerer.finish_module(body)
}

impl<'t> Lowerer<'t> {
    fn finish_module(mut self, body: Vec<Stmt>) -> Unit {
        let mut scope = self.scopes.pop().expect("the module's scope is the first and is never closed before");
        scope.function.body = body;
        self.unit.globals = scope.variables().iter().map(|(n, v)| (n.clone(), *v)).collect();
        self.unit.functions[0] = scope.function;
        self.unit.mentions = self.mentions.difference(&self.imports).cloned().collect();
        self.unit.imports = self.imports.into_iter().collect();
        if let Some(at) = self.too_deep {
            let place = Place::new(self.unit.path.clone(), at.line, at.column);
            let message = format!("code is nested deeper than {MAX_DEPTH} levels; what is deeper is left out");
            self.unit.diagnostics.push(Diagnostic::warning("too-deep", place, message));
        }
        self.unit
    }

    pub(crate) fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("there is a scope as long as the module is lowered")
    }

    pub(crate) fn add(&mut self, value: Value) -> ValueId {
        self.scope().add(value)
    }

    pub(crate) fn unknown(&mut self, why: &str) -> ValueId {
        self.add(Value::Unknown(why.into()))
    }

    /// The text of a node.
    pub(crate) fn str(&self, node: &impl Ranged) -> &'t str {
        let range = node.range();
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    /// A name. The same names come up again and again, so each is kept once.
    pub(crate) fn name(&self, name: &'t str) -> Arc<str> {
        self.names.borrow_mut().entry(name).or_insert_with(|| name.into()).clone()
    }

    /// The same of a name as it stands in the syntax tree; one that is missing is `_`.
    pub(crate) fn identifier(&self, name: &'t Identifier) -> Arc<str> {
        self.name(if name.id.is_empty() { "_" } else { name.id.as_str() })
    }

    pub(crate) fn position(&self, at: TextSize) -> Position {
        let byte = at.to_usize();
        // A line may be as long as the file: columns are counted on from the last one asked for.
        let (last, last_line, last_column) = self.last_position.get();
        let begins = |line: usize| self.line_starts.get(line).copied().unwrap_or(usize::MAX);
        let on_last = (begins(last_line)..begins(last_line + 1)).contains(&byte);
        let line = if on_last { last_line } else { self.line_starts.partition_point(|start| *start <= byte) - 1 };
        let start = begins(line);
        let count = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default().chars().count();
        let column = match on_last {
            true if byte >= last => last_column + count(last, byte),
            true if last - byte < byte - start => last_column - count(byte, last),
            _ => count(start, byte) + 1,
        };
        self.last_position.set((byte, line, column));
        Position { line: line as u32 + 1, column: column as u32 }
    }

    /// Goes one level deeper; `None` when that is too deep.
    pub(crate) fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            if self.too_deep.is_none() {
                self.too_deep = Some(self.position(self.at));
            }
            return None;
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        Some(result)
    }

    pub(crate) fn import(&mut self, module: &str) {
        self.imports.insert(module.into());
    }

    pub(crate) fn star_import(&mut self, module: Arc<str>) {
        self.unit.star_imports.push(module);
    }

    /// Names the first broken places, one of each line of a function, and those that are nested too deeply.
    fn mistakes(&mut self, source: &Source) {
        let mut named = BTreeSet::new();
        // What is missing at the end is missing behind the last thing that is there.
        let end = TextSize::try_from(self.text.trim_end().len()).unwrap_or_default();
        for (at, what) in &source.mistakes {
            let position = self.position((*at).min(end));
            let function = function_around(&source.body, *at);
            if !named.insert((function.clone(), position.line)) {
                continue;
            }
            let within = match function {
                Some(name) => format!("in `{name}`"),
                None => "at module level".to_owned(),
            };
            let message = format!("this is not Python {within} ({what}); what it does may be incomplete");
            self.warn("python-syntax", position, message);
            if self.unit.diagnostics.len() >= MAX_SYNTAX_DIAGNOSTICS {
                break;
            }
        }
        for at in source.too_deep.iter().take(MAX_SYNTAX_DIAGNOSTICS) {
            let position = self.position(*at);
            self.warn(
                "too-deep",
                position,
                "code is nested too deeply; the statement that begins here is left out".into(),
            );
        }
    }

    fn warn(&mut self, code: &'static str, at: Position, message: String) {
        let place = Place::new(self.unit.path.clone(), at.line, at.column);
        self.unit.diagnostics.push(Diagnostic::warning(code, place, message));
    }

    /// The block that runs when the file itself is run, as a function of its own.
    fn main_block(&mut self, body: &'t [ast::Stmt]) {
        let main = body.iter().filter_map(ast::Stmt::as_if_stmt).find(|one| is_main_check(self, &one.test));
        let Some((first, block)) = main.and_then(|one| Some((one.body.first()?, &one.body))) else { return };
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(Function::default());
        let function = Function {
            name: "__main__".into(),
            position: self.position(first.start()),
            parent: Some(FunctionId::MODULE),
            ..Function::default()
        };
        self.scopes.push(Scope::new(id, function));
        self.pending.push(Vec::new());
        let body = self.block(block);
        self.finish_pending();
        self.pending.pop();
        if let Some(mut scope) = self.scopes.pop() {
            scope.function.body = body;
            self.unit.functions[id.0 as usize] = scope.function;
        }
    }

    /// The value of a name here.
    pub(crate) fn lookup(&mut self, name: Arc<str>) -> ValueId {
        if !self.scope().globals.contains(&name) {
            if let Some(value) = self.scope().get(&name) {
                return value;
            }
            let around = self.scopes.len() - 1;
            for i in (1..around).rev() {
                if let Some(value) = self.scopes[i].get(&name) {
                    let function = self.scopes[i].id;
                    return self.add(Value::Captured { function, value });
                }
            }
        }
        self.add(Value::Global(name))
    }
}

/// The innermost function that holds a place, dotted from the module.
fn function_around(body: &[ast::Stmt], at: TextSize) -> Option<String> {
    let holds = |statement: &&ast::Stmt| statement.range().contains_inclusive(at);
    // A mistake at the end of a statement is one of it, and not of the next.
    let (mut name, mut inside, mut found) = (Vec::new(), body, None);
    while let Some(statement) = inside.iter().find(holds) {
        inside = match statement {
            ast::Stmt::FunctionDef(function) => {
                name.push(function.name.as_str());
                found = Some(name.join("."));
                &function.body
            }
            ast::Stmt::ClassDef(class) => {
                name.push(class.name.as_str());
                found = Some(name.join("."));
                &class.body
            }
            _ => break,
        };
    }
    found
}
