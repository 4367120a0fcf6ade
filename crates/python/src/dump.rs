//! A summary as text, for tests and for people who work on the front end.

use facts::code::{Arg, ArgName, Call, Function, Literal, Param, ParamKind, Stmt, Unit, Value, ValueId};
use std::fmt::Write as _;

/// A unit in a compact notation, a line for each statement, each function below its name.
pub fn dump(unit: &Unit) -> String {
    let mut out = String::new();
    for (i, function) in unit.functions.iter().enumerate() {
        if i > 0 {
            let params: Vec<String> = function.params.iter().map(|p| param(unit, function, p)).collect();
            let parent = &unit.functions[function.parent.map_or(0, |p| p.0) as usize];
            for decorator in &function.decorators {
                let _ = writeln!(out, "@{}", show(parent, *decorator, 0));
            }
            let _ = writeln!(out, "{}({}):", function.name, params.join(", "));
        }
        statements(function, &function.body, usize::from(i > 0), &mut out);
        if i == 0 {
            for (name, value) in &unit.globals {
                let _ = writeln!(out, "{name} = {}", show(function, *value, 0));
            }
        }
    }
    for module in &unit.star_imports {
        let _ = writeln!(out, "* = {module}");
    }
    if !unit.imports.is_empty() {
        let _ = writeln!(out, "imports {}", unit.imports.join(" "));
    }
    for diagnostic in &unit.diagnostics {
        let _ = writeln!(out, "{}: {}", diagnostic.code, diagnostic.message);
    }
    for class in &unit.classes {
        let function = &unit.functions[class.parent.0 as usize];
        let fields: Vec<String> =
            class.fields.iter().map(|(n, v)| format!("{n} = {}", show(function, *v, 0))).collect();
        let methods: Vec<&str> = class.methods.keys().map(|m| &**m).collect();
        let bases: Vec<String> = class.bases.iter().map(|b| show(function, *b, 0)).collect();
        let _ =
            writeln!(out, "class {}({}): {} | {}", class.name, bases.join(", "), methods.join(", "), fields.join(", "));
    }
    out
}

fn param(unit: &Unit, function: &Function, param: &Param) -> String {
    let parent = &unit.functions[function.parent.map_or(0, |p| p.0) as usize];
    let stars = match param.kind {
        ParamKind::One if param.named_only => "named ",
        ParamKind::One => "",
        ParamKind::Rest => "*",
        ParamKind::NamedRest => "**",
    };
    let annotation = param.annotation.map_or_else(String::new, |a| format!(": {}", show(parent, a, 0)));
    let default = param.default.map_or_else(String::new, |d| format!("={}", show(parent, d, 0)));
    format!("{stars}{}{annotation}{default}", param.name)
}

fn statements(function: &Function, body: &[Stmt], indent: usize, out: &mut String) {
    let pad = "  ".repeat(indent);
    let s = |v: &ValueId| show(function, *v, 0);
    for statement in body {
        let _ = match statement {
            Stmt::Eval(v) => writeln!(out, "{pad}{}", s(v)),
            Stmt::SetAttr { base, name, value } => writeln!(out, "{pad}{}.{name} = {}", s(base), s(value)),
            Stmt::SetIndex { base, key, value } => writeln!(out, "{pad}{}[{}] = {}", s(base), s(key), s(value)),
            Stmt::SetGlobal { name, value } => writeln!(out, "{pad}global {name} = {}", s(value)),
            Stmt::Return(Some(v)) => writeln!(out, "{pad}return {}", s(v)),
            Stmt::Return(None) => writeln!(out, "{pad}return"),
            Stmt::Leave(v) => writeln!(out, "{pad}leave {}", s(v)),
            Stmt::Yield(v) => writeln!(out, "{pad}yield {}", s(v)),
            Stmt::Raise => writeln!(out, "{pad}raise"),
            Stmt::Maybe(body) => {
                let _ = writeln!(out, "{pad}maybe:");
                statements(function, body, indent + 1, out);
                Ok(())
            }
            Stmt::Each(each) => {
                let _ = writeln!(out, "{pad}for {}:", s(&each.element));
                statements(function, &each.body, indent + 1, out);
                Ok(())
            }
            Stmt::EndTurn => writeln!(out, "{pad}continue"),
            Stmt::EndLoop => writeln!(out, "{pad}break"),
            Stmt::If { condition, yes, no } => {
                let _ = writeln!(out, "{pad}if {}:", s(condition));
                statements(function, yes, indent + 1, out);
                if !no.is_empty() {
                    let _ = writeln!(out, "{pad}else:");
                    statements(function, no, indent + 1, out);
                }
                Ok(())
            }
        };
    }
}

fn show(function: &Function, id: ValueId, depth: usize) -> String {
    if depth > 12 {
        return "…".to_owned();
    }
    let s = |v: &ValueId| show(function, *v, depth + 1);
    let all = |vs: &[ValueId]| vs.iter().map(s).collect::<Vec<_>>().join(", ");
    match &function.values[id.0 as usize] {
        Value::Literal(Literal::Text(t)) => format!("{t:?}"),
        Value::Literal(Literal::Int(i)) => i.to_string(),
        Value::Literal(Literal::Number(n)) => n.to_string(),
        Value::Literal(Literal::Bool(b)) => b.to_string(),
        Value::Literal(Literal::Null) => "null".to_owned(),
        Value::Concat(vs) => format!("concat({})", all(vs)),
        Value::List(vs) => format!("[{}]", all(vs)),
        Value::Spread(v) => format!("*{}", s(v)),
        Value::Map(entries) => {
            let entry = |(k, v): &(Option<ValueId>, ValueId)| match k {
                Some(k) => format!("{}: {}", s(k), s(v)),
                None => format!("**{}", s(v)),
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Param(i) => function.params.get(*i as usize).map_or("?".to_owned(), |p| format!("${}", p.name)),
        Value::Global(name) => name.to_string(),
        Value::Captured { value, .. } => format!("captured {}", value.0),
        Value::Module(name) => format!("module {name}"),
        Value::Imported(it) => format!("{}:{}", it.module, it.name),
        Value::Function(id) => format!("function {}", id.0),
        Value::Class(id) => format!("class {}", id.0),
        Value::Attr { base, name } => format!("{}.{name}", s(base)),
        Value::Index { base, key } => format!("{}[{}]", s(base), s(key)),
        Value::Slice(v) => format!("{}[:]", s(v)),
        Value::Element(v) => format!("each({})", s(v)),
        Value::Enter(v) => format!("enter({})", s(v)),
        Value::Call(call) => {
            let Call { callee, args, .. } = &**call;
            let arg = |a: &Arg| match &a.name {
                ArgName::Position => s(&a.value),
                ArgName::Name(name) => format!("{name}={}", s(&a.value)),
                ArgName::Spread => format!("*{}", s(&a.value)),
                ArgName::SpreadNamed => format!("**{}", s(&a.value)),
            };
            format!("{}({})", s(callee), args.iter().map(arg).collect::<Vec<_>>().join(", "))
        }
        Value::Super => "super".to_owned(),
        Value::Binary { op, left, right } => format!("({} {op:?} {})", s(left), s(right)),
        Value::Not(v) => format!("not {}", s(v)),
        Value::Choice { condition, yes, no } => format!("({} ? {} : {})", s(condition), s(yes), s(no)),
        Value::Made(made) if made.conditions.is_empty() => format!("made({})", s(&made.gives)),
        Value::Made(made) => format!("made({} if {})", s(&made.gives), all(&made.conditions)),
        Value::OneOf(vs) => format!("oneof({})", all(vs)),
        Value::Typed { value, ty } => format!("({}: {})", s(value), s(ty)),
        Value::Unknown(_) => "?".to_owned(),
    }
}
