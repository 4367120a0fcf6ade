//! Intrinsic functions of templates, as symbolic strings.

use crate::tree::{Node, Tree};
use facts::{Expr, Place};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Intrinsics inside one another; deeper ones are unknown.
const MAX_DEPTH: u32 = 60;

/// Why a property has no value that is `AWS::NoValue`.
const NO_VALUE: &str = "the property is left out";

/// Whether a value stands for a property that is not there.
pub(crate) fn is_left_out(value: &Expr) -> bool {
    matches!(value, Expr::Unknown { why, .. } if &**why == NO_VALUE)
}

/// What a template declares that an intrinsic can refer to.
pub(crate) struct Names<'t> {
    pub(crate) scope: Arc<str>,
    pub(crate) parameters: BTreeSet<&'t str>,
    pub(crate) conditions: BTreeMap<&'t str, &'t Tree>,
    pub(crate) mappings: BTreeMap<&'t str, &'t Tree>,
    /// Aliases and versions, each with the logical id that it is of.
    pub(crate) aliases: BTreeMap<&'t str, &'t str>,
    /// Those of what the template doesn't declare, each with what it says of it.
    pub(crate) outside: BTreeMap<&'t str, &'t Tree>,
    /// Those that are being followed; a circle of them ends.
    pub(crate) followed: RefCell<BTreeSet<String>>,
    /// Intrinsics that are not known, by name, with the first place of each.
    pub(crate) unknown: RefCell<BTreeMap<String, Place>>,
}

impl Names<'_> {
    /// The text that a value is.
    pub(crate) fn expr(&self, tree: &Tree) -> Expr {
        self.value(tree, 0)
    }

    fn value(&self, tree: &Tree, depth: u32) -> Expr {
        if depth > MAX_DEPTH {
            return Expr::unknown("intrinsic functions are nested too deeply");
        }
        match &tree.node {
            Node::Null => Expr::literal(""),
            Node::Scalar(text, _) => dynamic(text),
            Node::Symbol(expr) => expr.clone(),
            Node::List(items) => {
                let all = items.iter().map(|i| self.value(i, depth + 1));
                Expr::one_of(all.collect::<Vec<_>>())
            }
            Node::Map(_) => match tree.single() {
                Some((name, argument)) if name == "Ref" || name == "Condition" || name.starts_with("Fn::") => {
                    self.intrinsic(name, argument, tree, depth + 1)
                }
                _ => Expr::unknown("it is a map, not a text"),
            },
        }
    }

    fn intrinsic(&self, name: &str, argument: &Tree, tree: &Tree, depth: u32) -> Expr {
        let items = argument.items();
        let value = |tree: &Tree| self.value(tree, depth);
        match name {
            "Ref" => argument.text().map_or_else(|| Expr::unknown("the reference is no name"), |n| self.reference(n)),
            "Fn::GetAtt" => self.get_att(argument, depth),
            "Fn::Sub" => self.sub(argument, depth),
            "Fn::Join" => match items {
                [separator, list] => self.join(separator.text().unwrap_or_default(), list, depth),
                _ => Expr::unknown("the join has no separator and list"),
            },
            "Fn::Select" => match items {
                [index, list] => self.select(index, list, depth),
                _ => Expr::unknown("the selection has no index and list"),
            },
            "Fn::Split" => match items {
                [_, text] => value(text),
                _ => Expr::unknown("the split has no separator and text"),
            },
            "Fn::FindInMap" => self.find_in_map(items, depth),
            "Fn::If" => match items {
                [condition, yes, no] => self.choose(condition.text().unwrap_or_default(), value(yes), value(no), depth),
                _ => Expr::unknown("the choice has no condition and two values"),
            },
            "Fn::ImportValue" => Expr::Import(Box::new(value(argument))),
            "Fn::Base64" | "Fn::ToJsonString" => value(argument),
            "Condition" => self.condition(
                argument.text().unwrap_or_default(),
                Expr::literal("true"),
                Expr::literal("false"),
                depth,
            ),
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                self.decide(tree, Expr::literal("true"), Expr::literal("false"), depth)
            }
            "Fn::GetAZs" | "Fn::Cidr" | "Fn::Length" | "Fn::Transform" | "Fn::ValueOf" => {
                Expr::unknown(format!("`{name}` is known only at deployment"))
            }
            _ => {
                self.unknown.borrow_mut().entry(name.to_owned()).or_insert_with(|| tree.place.clone());
                Expr::unknown(format!("`{name}` is not known"))
            }
        }
    }

    /// What `Ref` of a name gives.
    pub(crate) fn reference(&self, name: &str) -> Expr {
        if name.starts_with("AWS::") || self.parameters.contains(name) {
            return match name {
                "AWS::NoValue" => Expr::unknown(NO_VALUE),
                _ => Expr::Parameter { scope: self.scope.clone(), name: name.into() },
            };
        }
        // SAM names the alias and the version that it makes `Function.Alias` and `Function.Version`.
        let name = name.strip_suffix(".Alias").or_else(|| name.strip_suffix(".Version")).unwrap_or(name);
        self.outside(name).unwrap_or_else(|| Expr::resource(self.scope.clone(), self.original(name)))
    }

    /// What the template says of something outside of it that the resource is a second name of.
    fn outside(&self, id: &str) -> Option<Expr> {
        let id = self.original(id);
        let original = self.outside.get(id)?;
        if !self.followed.borrow_mut().insert(id.to_owned()) {
            return None;
        }
        let value = self.expr(original);
        self.followed.borrow_mut().remove(id);
        Some(value)
    }

    /// Whether a resource is but another name of something.
    pub(crate) fn is_second_name(&self, id: &str) -> bool {
        self.aliases.contains_key(id) || self.outside.contains_key(id)
    }

    /// The function behind an alias or version.
    pub(crate) fn original<'a>(&'a self, id: &'a str) -> &'a str {
        let mut id = id;
        // An alias of a version of a function; a circle of them ends here too.
        for _ in 0..4 {
            let Some(of) = self.aliases.get(id) else { break };
            id = of;
        }
        id
    }

    fn attribute(&self, id: &str, attribute: &str) -> Expr {
        // The address that SAM and the Serverless Framework give to a function is called after it: `OrdersUrl`.
        let made = id.strip_suffix("Url").filter(|_| attribute == "FunctionUrl" && !self.aliases.contains_key(id));
        let id = made.unwrap_or(id);
        if let Some(value) = self.outside(id) {
            return value;
        }
        let id = self.original(id).into();
        Expr::Resource { scope: self.scope.clone(), id, attribute: Some(attribute.into()) }
    }

    fn get_att(&self, argument: &Tree, depth: u32) -> Expr {
        match (argument.text(), argument.items()) {
            (Some(text), _) => match text.split_once('.') {
                Some((id, attribute)) => self.attribute(id, attribute),
                None => self.reference(text),
            },
            (None, [id, attribute]) => match (id.text(), self.value(attribute, depth).as_literal()) {
                (Some(id), Some(attribute)) => self.attribute(id, attribute),
                (Some(id), None) => self.reference(id),
                _ => Expr::unknown("the attribute is of no resource"),
            },
            _ => Expr::unknown("the attribute is of no resource"),
        }
    }

    fn sub(&self, argument: &Tree, depth: u32) -> Expr {
        let (text, own) = match argument.items() {
            [text, map] => (text, Some(map)),
            [text] => (text, None),
            _ => (argument, None),
        };
        match text.text() {
            Some(format) => self.substitute(format, own, depth),
            None => self.value(text, depth),
        }
    }

    /// `${A}`, `${A.Arn}`, `${!literal}`, and names of the substitution's own map.
    pub(crate) fn substitute(&self, format: &str, own: Option<&Tree>, depth: u32) -> Expr {
        dynamic_with(format, &|text| self.names_in(text, own, depth))
    }

    fn names_in(&self, format: &str, own: Option<&Tree>, depth: u32) -> Expr {
        let mut pieces = Vec::new();
        let mut rest = format;
        while let Some(at) = rest.find("${") {
            pieces.push(Expr::literal(&rest[..at]));
            let Some(end) = rest[at..].find('}') else { break };
            let name = rest[at + 2..at + end].trim();
            pieces.push(match (name.strip_prefix('!'), own.and_then(|o| o.get(name))) {
                (Some(literal), _) => Expr::literal(format!("${{{literal}}}")),
                (None, Some(value)) => self.value(value, depth),
                (None, None) => match name.split_once('.') {
                    Some((id, attribute)) => self.attribute(id, attribute),
                    None => self.reference(name),
                },
            });
            rest = &rest[at + end + 1..];
        }
        pieces.push(Expr::literal(rest));
        Expr::concat(pieces)
    }

    fn join(&self, separator: &str, list: &Tree, depth: u32) -> Expr {
        if !matches!(list.node, Node::List(_)) {
            return self.value(list, depth);
        }
        let mut pieces = Vec::new();
        for (i, item) in list.items().iter().enumerate() {
            if i > 0 {
                pieces.push(Expr::literal(separator));
            }
            pieces.push(self.value(item, depth));
        }
        Expr::concat(pieces)
    }

    fn select(&self, index: &Tree, list: &Tree, depth: u32) -> Expr {
        let Some(index) = index.text().and_then(|i| i.parse::<usize>().ok()) else {
            return self.value(list, depth);
        };
        if let Some(item) = list.items().get(index) {
            return self.value(item, depth);
        }
        if let Some(("Fn::Split", argument)) = list.single()
            && let [separator, text] = argument.items()
        {
            return Expr::Piece {
                of: Box::new(self.value(text, depth)),
                separator: separator.text().unwrap_or_default().into(),
                index: i32::try_from(index).unwrap_or(i32::MAX),
            };
        }
        // A parameter that is a list is written with commas.
        let index = i32::try_from(index).unwrap_or(i32::MAX);
        Expr::Piece { of: Box::new(self.value(list, depth)), separator: ",".into(), index }
    }

    fn find_in_map(&self, items: &[Tree], depth: u32) -> Expr {
        let [map, first, second, rest @ ..] = items else {
            return Expr::unknown("the look-up has no map and two keys");
        };
        let Some(map) = map.text().and_then(|m| self.mappings.get(m)) else {
            return Expr::unknown("the mapping is not in the template");
        };
        let second = self.value(second, depth);
        let row = |row: &Tree| {
            let cases = row.entries().iter().map(|(k, v)| (Expr::literal(k.text.clone()), self.value(v, depth)));
            lookup(second.clone(), cases.collect(), None)
        };
        let cases = map.entries().iter().map(|(k, v)| (Expr::literal(k.text.clone()), row(v)));
        let default = rest.first().and_then(|r| r.get("DefaultValue")).map(|d| self.value(d, depth));
        lookup(self.value(first, depth), cases.collect(), default)
    }

    fn choose(&self, condition: &str, yes: Expr, no: Expr, depth: u32) -> Expr {
        self.condition(condition, yes, no, depth)
    }

    /// `yes` where the named condition holds, else `no`.
    pub(crate) fn condition(&self, name: &str, yes: Expr, no: Expr, depth: u32) -> Expr {
        if depth > MAX_DEPTH {
            return Expr::one_of([yes, no]);
        }
        match self.conditions.get(name) {
            Some(condition) => self.decide(condition, yes, no, depth + 1),
            None => Expr::one_of([yes, no]),
        }
    }

    fn decide(&self, condition: &Tree, yes: Expr, no: Expr, depth: u32) -> Expr {
        if depth > MAX_DEPTH {
            return Expr::one_of([yes, no]);
        }
        let Some((name, argument)) = condition.single() else { return Expr::one_of([yes, no]) };
        let items = argument.items();
        match (name, items) {
            ("Condition", _) => self.condition(argument.text().unwrap_or_default(), yes, no, depth + 1),
            ("Fn::Equals", [left, right]) => {
                let (left, right) = (self.value(left, depth), self.value(right, depth));
                if let (Some(l), Some(r)) = (left.as_literal(), right.as_literal()) {
                    return if l == r { yes } else { no };
                }
                // What is compared is the key, whichever side it is written on.
                let (key, case) = if left.as_literal().is_some() { (right, left) } else { (left, right) };
                lookup(key, vec![(case, yes)], Some(no))
            }
            ("Fn::Not", [inner]) => self.decide(inner, no, yes, depth + 1),
            ("Fn::And", all) => all.iter().fold(yes, |yes, one| self.decide(one, yes, no.clone(), depth + 1)),
            ("Fn::Or", all) => all.iter().fold(no, |no, one| self.decide(one, yes.clone(), no, depth + 1)),
            _ => Expr::one_of([yes, no]),
        }
    }
}

fn lookup(key: Expr, cases: Vec<(Expr, Expr)>, default: Option<Expr>) -> Expr {
    if let Some(text) = key.as_literal() {
        let found = cases.iter().find(|(k, _)| k.as_literal() == Some(text)).map(|(_, v)| v.clone());
        return found.or(default).unwrap_or_else(|| Expr::unknown(format!("the mapping has no `{text}`")));
    }
    let whole = Expr::Lookup { key: Box::new(key), cases, default: default.map(Box::new) };
    if whole.leaves() > 400 { Expr::unknown("the mapping is too large") } else { whole }
}

/// A text with its dynamic references: `{{resolve:ssm:/name:1}}`, `{{resolve:secretsmanager:id:SecretString:key}}`.
pub(crate) fn dynamic(text: &str) -> Expr {
    dynamic_with(text, &|text| Expr::literal(text))
}

/// The same, where `inside` says what the text around and in the references is.
fn dynamic_with(text: &str, inside: &dyn Fn(&str) -> Expr) -> Expr {
    const START: &str = "{{resolve:";
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let Some(mut end) = rest[at..].find("}}").map(|end| at + end) else { break };
        // `{{resolve:ssm:/a/${B}}}` ends a name and the reference with three braces.
        if rest[end..].starts_with("}}}") {
            end += 1;
        }
        pieces.push(inside(&rest[..at]));
        pieces.push(reference(&rest[at + START.len()..end], inside));
        rest = &rest[end + 2..];
    }
    pieces.push(inside(rest));
    Expr::concat(pieces)
}

fn reference(written: &str, inside: &dyn Fn(&str) -> Expr) -> Expr {
    match written.split_once(':') {
        Some(("ssm" | "ssm-secure", name)) => {
            let name = match name.rsplit_once(':') {
                Some((name, version)) if version.chars().all(|c| c.is_ascii_digit()) => name,
                _ => name,
            };
            Expr::Ssm(Box::new(inside(name)))
        }
        Some(("secretsmanager", name)) => {
            let name = name.split(":SecretString").next().unwrap_or(name);
            let plain = !name.starts_with("arn:") && !name.contains("${");
            let name = if plain { name.split(':').next().unwrap_or(name) } else { name };
            Expr::Secret(Box::new(inside(name)))
        }
        _ => Expr::unknown("the dynamic reference is of no known kind"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::SourceFile;

    fn check(yaml: &str, expected: &str) {
        let mut diagnostics = Vec::new();
        let tree = crate::tree::read(&SourceFile::new("t.yaml", yaml), &mut diagnostics).unwrap();
        let section = |name| tree.get(name).map(Tree::entries).unwrap_or_default();
        let names = Names {
            scope: "t.yaml".into(),
            parameters: BTreeSet::from(["Stage"]),
            conditions: section("Conditions").iter().map(|(k, v)| (&*k.text, v)).collect(),
            mappings: section("Mappings").iter().map(|(k, v)| (&*k.text, v)).collect(),
            aliases: BTreeMap::from([("Live", "F")]),
            outside: BTreeMap::new(),
            followed: RefCell::default(),
            unknown: RefCell::default(),
        };
        assert_eq!(names.expr(tree.get("V").unwrap()).to_string(), expected, "{yaml}");
    }

    #[test]
    fn both_spellings() {
        check("V: !Ref Q", "${Q}");
        check("V: {Ref: Stage}", "${Stage}");
        check("V: !GetAtt Q.Arn", "${Q.Arn}");
        check("V: {'Fn::GetAtt': [Q, Arn]}", "${Q.Arn}");
        check("V: !GetAtt [N, Outputs.X]", "${N.Outputs.X}");
        check("V: !Sub 'a-${Stage}-${Q.Arn}-${!x}'", "a-${Stage}-${Q.Arn}-${x}");
        check("V: !Sub ['${A}-b', {A: !Ref Q}]", "${Q}-b");
        check("V: !Join ['-', [a, !Ref Q]]", "a-${Q}");
        check("V: !Base64 x", "x");
    }

    #[test]
    fn lists_and_maps() {
        check("V: !Select [1, [a, b]]", "b");
        check("V: !Select [1, !Split ['/', !Ref Q]]", "${piece 1 of ${Q} at \"/\"}");
        check("Mappings: {M: {a: {x: one}, b: {x: two}}}\nV: !FindInMap [M, b, x]", "two");
        check(
            "Mappings: {M: {a: {x: one}, b: {x: two}}}\nV: !FindInMap [M, !Ref Stage, x]",
            "${${Stage} ? a: one; b: two;}",
        );
    }

    #[test]
    fn conditions() {
        let yaml = "Conditions: {Prod: !Equals [!Ref Stage, prod]}\nV: !If [Prod, a, b]";
        check(yaml, "${${Stage} ? prod: a; else b}");
        check("Conditions: {Yes: !Equals [x, x]}\nV: !If [Yes, a, b]", "a");
        check("V: !If [Missing, a, b]", "a | b");
        let both = "Conditions: {A: !Equals [!Ref Stage, a], N: !Not [!Condition A]}\nV: !If [N, x, y]";
        check(both, "${${Stage} ? a: y; else x}");
    }

    #[test]
    fn dynamic_references() {
        check("V: '{{resolve:ssm:/a/b:1}}'", "${ssm:/a/b}");
        check("V: 'x-{{resolve:secretsmanager:db:SecretString:password}}'", "x-${secret:db}");
        check("V: !ImportValue x", "${import:x}");
        check("V: !Sub '{{resolve:ssm:/a/${Stage}}}'", "${ssm:/a/${Stage}}");
        check("V: !Sub '{{resolve:secretsmanager:${Q}:SecretString:k}}-x'", "${secret:${Q}}-x");
    }

    #[test]
    fn aliases_are_their_functions() {
        check("V: !Ref Live", "${F}");
        check("V: !Ref F.Alias", "${F}");
        check("V: !Sub '${Live.Arn}'", "${F.Arn}");
        check("V: !GetAtt FUrl.FunctionUrl", "${F.FunctionUrl}");
    }
}
