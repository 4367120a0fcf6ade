//! What a frame inside of another frame is called: what the outer one says already is left out.

use crate::Node;

/// Words that every name of a nested stack may have, and that say nothing.
const IDLE: &[&str] = &["cloudformation", "nested", "stack", "template"];

/// The title of a service in the frame of another one: its name without that of the outer one at its start. If nothing is
/// left that says something, it is the innermost folder with a name of its own. Nothing where the name itself is right.
pub(super) fn title(inner: &Node, outer: &Node) -> Option<String> {
    if outer.name.is_empty() {
        return None;
    }
    let rest = after(&inner.name, &outer.name)?;
    let telling = rest.split(|c: char| !c.is_alphanumeric()).any(|word| !word.is_empty() && !is_idle(word));
    if telling {
        // Within a word it is another name that only starts alike: `orderly` in `order`.
        let apart = rest.chars().next().is_some_and(|c| !c.is_lowercase() && !c.is_ascii_digit());
        return apart.then(|| rest.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned());
    }
    let folders = &inner.declared.first()?.file.rsplit_once('/')?.0;
    let own = |folder: &&str| !folder.is_empty() && after(folder, &outer.name).is_none();
    folders.rsplit('/').find(own).map(str::to_owned)
}

/// What follows a beginning, in whatever case that is written.
fn after<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

/// Whether a word says nothing to a reader: one of all stacks, or a number or hash that a tool gave.
fn is_idle(word: &str) -> bool {
    let is_hash = word.chars().all(|c| c.is_ascii_hexdigit()) && word.chars().any(|c| c.is_ascii_digit());
    is_hash || IDLE.contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Location;
    use crate::view::tests::model;

    fn check(inner: &str, outer: &str, file: &str, expected: Option<&str>) {
        let mut system = model(&["a service", "b service a"], &[]);
        system.nodes[0].name = outer.to_owned();
        system.nodes[1].name = inner.to_owned();
        system.nodes[1].declared = vec![Location { file: file.to_owned(), line: 1, column: 1 }];
        assert_eq!(title(&system.nodes[1], &system.nodes[0]).as_deref(), expected, "{inner} in {outer}");
    }

    #[test]
    fn what_the_outer_frame_says_is_left_out() {
        check("shop-orders", "shop", "a/b.yaml", Some("orders"));
        check("ShopOrders", "shop", "a/b.yaml", Some("Orders"));
        check("orders", "shop", "a/b.yaml", None);
        check("shopping", "shop", "a/b.yaml", None);
        check("orders", "", "a/b.yaml", None);
    }

    #[test]
    fn a_folder_says_what_a_name_does_not() {
        check("shop", "shop", "back/api/shop/schema.graphql", Some("api"));
        check("shop44ea6421-cloudformation-template", "shop", "back/auth/shop44ea6421/t.yaml", Some("auth"));
        check("shop", "shop", "shop/t.yaml", None);
        check("shop", "shop", "t.yaml", None);
        check("größe", "gr", "größe/t.yaml", None);
    }
}
