//! The grammar's fields by number and the names of its kinds: to look a field up by its name in each node costs more than
//! to find the child, and the library measures the name of a kind anew each time.

use std::num::NonZeroU16;
use std::sync::LazyLock;
use tree_sitter::{Language, Node};

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| Language::new(tree_sitter_python::LANGUAGE));

/// The names of the kinds of nodes, by their numbers.
static KINDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| (0..=u16::MAX).map_while(|id| LANGUAGE.node_kind_for_id(id)).collect());

/// What is asked of nodes again and again.
pub(crate) trait Grammar<'t> {
    /// The name of the node's kind.
    fn kind_name(&self) -> &'static str;

    /// The children of a field that may have several.
    fn children_of(&self, field: u16) -> Vec<Node<'t>>;
}

impl<'t> Grammar<'t> for Node<'t> {
    fn kind_name(&self) -> &'static str {
        // What does not parse has a number of its own, far behind all others.
        KINDS.get(usize::from(self.kind_id())).copied().unwrap_or("ERROR")
    }

    fn children_of(&self, field: u16) -> Vec<Node<'t>> {
        let Some(field) = NonZeroU16::new(field) else { return Vec::new() };
        self.children_by_field_id(field, &mut self.walk()).collect()
    }
}

/// Declares the fields and finds their numbers once.
macro_rules! fields {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// The number of each field that is asked for; 0, which no field has, for one that the grammar lacks.
        pub(crate) struct Fields {
            $(pub(crate) $field: u16,)*
        }

        /// The fields of Python's grammar.
        pub(crate) static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
            let number = |name: &str| LANGUAGE.field_id_for_name(name).map_or(0, Into::into);
            Fields { $($field: number($name),)* }
        });

        #[cfg(test)]
        const NAMES: &[(&str, fn(&Fields) -> u16)] = &[$(($name, |all| all.$field)),*];
    };
}

fields! {
    alias = "alias",
    alternative = "alternative",
    argument = "argument",
    arguments = "arguments",
    attribute = "attribute",
    body = "body",
    condition = "condition",
    consequence = "consequence",
    definition = "definition",
    expression = "expression",
    function = "function",
    guard = "guard",
    left = "left",
    module_name = "module_name",
    name = "name",
    key = "key",
    object = "object",
    operator = "operator",
    operators = "operators",
    parameters = "parameters",
    right = "right",
    subject = "subject",
    subscript = "subscript",
    superclasses = "superclasses",
    type_ = "type",
    value = "value",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_names_of_the_grammar() {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&LANGUAGE).unwrap();
        let tree = parser.parse("def f(a, *b): return {a: not b}\nif (", None).unwrap();
        let mut open = vec![tree.root_node()];
        while let Some(node) = open.pop() {
            assert_eq!(node.kind_name(), node.kind());
            open.extend(node.children(&mut node.walk()));
        }
    }

    #[test]
    fn the_grammar_has_every_field() {
        for (name, number) in NAMES {
            assert_ne!(number(&FIELDS), 0, "{name}");
        }
    }
}
