//! Folders that a program itself puts on the module search path: `sys.path.append(os.path.dirname(__file__))`.

use crate::{nesting, recovery};
use facts::{Sources, Start, joined};
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Operator, Stmt};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Parts of the expression for a folder.
const MAX_DEPTH: u32 = 16;

/// Folders that one file adds.
const MAX_FOLDERS: usize = 8;

/// Where deployed code lies, and so what a relative path is seen from.
const TASK: &str = "/var/task";

/// An entry whose search path has the folders, too, that its first file puts there while it is loaded.
pub(crate) fn with_own_folders(mut start: Start, sources: &dyn Sources) -> Start {
    let Ok(file) = sources.read(&start.path) else { return start };
    if !file.text.contains("sys.path") {
        return start;
    }
    let depth = nesting::depth(&file.text);
    let folders = nesting::with_room(depth, || {
        let source = recovery::parse(&file.text, depth);
        let mut edits = Edits { file: &start.path, names: BTreeMap::new(), folders: Vec::new() };
        edits.visit_body(&source.body);
        edits.folders
    });
    let roots = start.roots.clone();
    for folder in folders {
        let absolute = match folder {
            Folder::OfScan(path) => vec![Some(path)],
            Folder::OfTask(path) => roots.iter().map(|root| joined(root, &path)).collect(),
        };
        for path in absolute.into_iter().flatten().map(Arc::from) {
            if !start.roots.contains(&path) && sources.is_dir(&path) {
                start.roots.push(path);
            }
        }
    }
    start
}

/// A path: in the scan, or below the folders of the deployed code.
#[derive(Clone)]
enum Folder {
    OfScan(String),
    OfTask(String),
}

impl Folder {
    /// The path of what is called so in there.
    fn below(self, path: &str) -> Option<Self> {
        match self {
            _ if path.starts_with('/') => of_text(path),
            Self::OfScan(folder) => Some(Self::OfScan(joined(&folder, path)?)),
            // A path below a folder that is not known yet may lead out of it.
            Self::OfTask(folder) => Some(Self::OfTask(format!("{folder}/{path}"))),
        }
    }
}

/// A path as it is written out.
fn of_text(path: &str) -> Option<Folder> {
    match path.strip_prefix(TASK) {
        Some(inside) => Some(Folder::OfTask(inside.to_owned())),
        None if path.starts_with('/') => None,
        None => Some(Folder::OfTask(path.to_owned())),
    }
}

/// What statements of a module do to the search path.
struct Edits<'f, 't> {
    file: &'f str,
    /// Names with what they were bound to last.
    names: BTreeMap<&'t str, &'t Expr>,
    folders: Vec<Folder>,
}

impl<'t> StatementVisitor<'t> for Edits<'_, 't> {
    fn visit_stmt(&mut self, statement: &'t Stmt) {
        match statement {
            // What a function does is done when it is called, if ever.
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Assign(node) => {
                if let [Expr::Name(name)] = node.targets.as_slice() {
                    self.names.insert(name.id.as_str(), &node.value);
                }
            }
            Stmt::Expr(node) => {
                if let Expr::Call(call) = &*node.value {
                    self.call(call);
                }
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }
}

impl<'t> Edits<'_, 't> {
    fn call(&mut self, call: &'t ExprCall) {
        let Some(method) = dotted(&call.func, 0).and_then(|name| name.strip_prefix("sys.path.").map(str::to_owned))
        else {
            return;
        };
        let args = &call.arguments.args;
        let added: Vec<&Expr> = match (method.as_str(), &args[..]) {
            ("append", [folder]) | ("insert", [_, folder]) => vec![folder],
            ("extend", [Expr::List(all)]) => all.elts.iter().collect(),
            ("extend", [Expr::Tuple(all)]) => all.elts.iter().collect(),
            _ => return,
        };
        let room = MAX_FOLDERS.saturating_sub(self.folders.len());
        let found: Vec<Folder> = added.into_iter().take(room).filter_map(|folder| self.folder(folder, 0)).collect();
        self.folders.extend(found);
    }

    /// The path that an expression gives, where it is made of the file's own and of what is written out.
    fn folder(&self, node: &Expr, depth: u32) -> Option<Folder> {
        if depth > MAX_DEPTH {
            return None;
        }
        match node {
            Expr::Name(name) if name.id == "__file__" => Some(Folder::OfScan(self.file.to_owned())),
            Expr::Name(name) => self.folder(self.names.get(name.id.as_str())?, depth + 1),
            Expr::StringLiteral(text) => of_text(text.value.to_str()),
            Expr::BinOp(both) => {
                let below = text(&both.right)?;
                match both.op {
                    Operator::Div => self.folder(&both.left, depth + 1)?.below(below),
                    Operator::Add => self.folder(&both.left, depth + 1)?.below(below.strip_prefix('/')?),
                    _ => None,
                }
            }
            Expr::Attribute(node) if node.attr.id == "parent" => self.folder(&node.value, depth + 1)?.below(".."),
            Expr::Subscript(node) => match &*node.value {
                Expr::Attribute(of) if of.attr.id == "parents" => {
                    let Expr::NumberLiteral(number) = &*node.slice else { return None };
                    let up = number.value.as_int()?.as_u8()?;
                    (0..=up).try_fold(self.folder(&of.value, depth + 1)?, |folder, _| folder.below(".."))
                }
                variable => (dotted(variable, 0)? == "os.environ" && text(&node.slice)? == "LAMBDA_TASK_ROOT")
                    .then(|| Folder::OfTask(String::new())),
            },
            Expr::Call(call) => self.called(call, depth),
            _ => None,
        }
    }

    fn called(&self, call: &ExprCall, depth: u32) -> Option<Folder> {
        let args = &call.arguments.args;
        let given = || self.folder(args.first()?, depth + 1);
        let further = |folder: Option<Folder>, rest: &[Expr]| {
            rest.iter().try_fold(folder?, |folder, one| {
                let up = dotted(one, 0).is_some_and(|name| matches!(name.as_str(), "os.pardir" | "os.path.pardir"));
                folder.below(if up { ".." } else { text(one)? })
            })
        };
        if let Some(name) = dotted(&call.func, 0) {
            match name.as_str() {
                "os.path.dirname" | "dirname" => return given()?.below(".."),
                "os.path.abspath" | "os.path.realpath" | "os.path.normpath" | "abspath" | "realpath" | "str"
                | "Path" | "pathlib.Path" | "os.fspath" => return given(),
                "os.path.join" | "join" => return further(given(), args.get(1..)?),
                "os.getcwd" | "Path.cwd" | "pathlib.Path.cwd" => return Some(Folder::OfTask(String::new())),
                "os.environ.get" | "os.getenv" => {
                    return (text(args.first()?)? == "LAMBDA_TASK_ROOT").then(|| Folder::OfTask(String::new()));
                }
                _ => {}
            }
        }
        let Expr::Attribute(method) = &*call.func else { return None };
        let receiver = self.folder(&method.value, depth + 1);
        match method.attr.id.as_str() {
            "resolve" | "absolute" | "as_posix" => receiver,
            "joinpath" => further(receiver, args),
            _ => None,
        }
    }
}

/// A name with those behind its dots.
fn dotted(node: &Expr, depth: u32) -> Option<String> {
    match node {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(node) if depth < MAX_DEPTH => {
            Some(format!("{}.{}", dotted(&node.value, depth + 1)?, node.attr.id))
        }
        _ => None,
    }
}

fn text(node: &Expr) -> Option<&str> {
    match node {
        Expr::StringLiteral(text) => Some(text.value.to_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    /// The folders behind the root `src`, of a file in `src/orders`.
    fn check(code: &str, expected: &[&str]) {
        let files = [("src/orders/app.py", code), ("src/orders/lib/a.py", ""), ("src/lib/a.py", ""), ("lib/a.py", "")];
        let sources = MemorySources::new(files);
        let start = Start { path: "src/orders/app.py".into(), function: "main".into(), roots: vec!["src".into()] };
        let roots = with_own_folders(start, &sources).roots;
        assert_eq!(roots[1..].iter().map(|root| &**root).collect::<Vec<_>>(), expected, "{code}");
    }

    #[test]
    fn folders_that_are_written_out() {
        check("sys.path.append(os.path.dirname(__file__))", &["src/orders"]);
        check(
            "sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))",
            &["src/orders/lib"],
        );
        check("HERE = Path(__file__).resolve().parent\nsys.path.append(str(HERE / 'lib'))", &["src/orders/lib"]);
        check("sys.path.append(str(Path(__file__).parents[2]))", &[""]);
        check("sys.path.append('./lib')", &["src/lib"]);
        check("sys.path.append('../lib')", &["lib"]);
        check("sys.path.append('/var/task/lib')", &["src/lib"]);
        check("sys.path.append(os.environ['LAMBDA_TASK_ROOT'] + '/lib')", &["src/lib"]);
        check("sys.path.extend(['lib', os.path.join(os.path.dirname(__file__), os.pardir, 'lib')])", &["src/lib"]);
        check("try:\n  sys.path.append('lib')\nexcept E: pass", &["src/lib"]);
    }

    #[test]
    fn what_says_nothing() {
        check("sys.path.append('/opt/python')", &[]);
        check("sys.path.append(folder())", &[]);
        check("sys.path.append('missing')", &[]);
        check("def f():\n  sys.path.append('lib')", &[]);
        check("sys.path.append(f'{x}/lib')", &[]);
        check("sys.path.remove('lib')", &[]);
    }
}
