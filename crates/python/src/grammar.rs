//! The grammar's fields by number: looking one up by its name in each node costs more than finding the child.

use std::sync::LazyLock;

/// Declares the fields and finds their numbers once.
macro_rules! fields {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// The number of each field that is asked for; 0, which no field has, for one that the grammar lacks.
        pub(crate) struct Fields {
            $(pub(crate) $field: u16,)*
        }

        /// The fields of Python's grammar.
        pub(crate) static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
            let language = tree_sitter::Language::new(tree_sitter_python::LANGUAGE);
            let number = |name: &str| language.field_id_for_name(name).map_or(0, Into::into);
            Fields { $($field: number($name),)* }
        });

        #[cfg(test)]
        const NAMES: &[(&str, fn(&Fields) -> u16)] = &[$(($name, |all| all.$field)),*];
    };
}

fields! {
    alias = "alias",
    alternative = "alternative",
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
    object = "object",
    operator = "operator",
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
    fn the_grammar_has_every_field() {
        for (name, number) in NAMES {
            assert_ne!(number(&FIELDS), 0, "{name}");
        }
    }
}
