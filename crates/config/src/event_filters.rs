//! Patterns of EventBridge rules: which events they let through.

use crate::template::Template;
use crate::tree::Tree;
use facts::{EventFilter, TextFilter};

/// The pattern of a rule; `None` when it has none.
pub(crate) fn event_filter(template: &Template<'_>, properties: &Tree) -> Option<EventFilter> {
    let pattern = properties.get("EventPattern").or_else(|| properties.get("Pattern"))?;
    Some(EventFilter { sources: texts(template, pattern, "source"), types: texts(template, pattern, "detail-type") })
}

fn texts(template: &Template<'_>, pattern: &Tree, key: &str) -> Vec<TextFilter> {
    let list = pattern.get(key).map(Tree::one_or_many).unwrap_or_default();
    list.into_iter().map(|one| filter(template, one)).collect()
}

fn filter(template: &Template<'_>, tree: &Tree) -> TextFilter {
    let entries = tree.entries();
    let [(key, value)] = entries else {
        return if entries.is_empty() { TextFilter::Is(template.names.expr(tree)) } else { TextFilter::Other };
    };
    if key.text.starts_with("Fn::") || &*key.text == "Ref" {
        return TextFilter::Is(template.names.expr(tree));
    }
    if &*key.text == "anything-but" {
        return TextFilter::Not(value.one_or_many().into_iter().map(|one| filter(template, one)).collect());
    }
    // `prefix: {equals-ignore-case: x}` is not taken apart.
    let Some(text) = value.text() else { return TextFilter::Other };
    match &*key.text {
        "prefix" => TextFilter::Prefix(text.into()),
        "suffix" => TextFilter::Suffix(text.into()),
        "equals-ignore-case" => TextFilter::IgnoreCase(text.into()),
        "wildcard" => TextFilter::Wildcard(text.into()),
        "exists" => TextFilter::Exists(text != "false"),
        _ => TextFilter::Other,
    }
}
