//! Which state of a machine comes after which, and when, in words.

use crate::tree::Tree;
use std::sync::Arc;

/// Characters of a condition.
const MAX_WORDS: usize = 60;

/// Conditions inside one another; deeper ones are not put into words.
const MAX_DEPTH: u32 = 8;

/// What a comparison's name ends with, and how it is written. Longer endings come first.
const COMPARISONS: &[(&str, &str)] = &[
    ("GreaterThanEquals", "≥"),
    ("LessThanEquals", "≤"),
    ("GreaterThan", ">"),
    ("LessThan", "<"),
    ("Equals", "="),
    ("Matches", "like"),
];

/// The states that may come after one: names, each with when it does; an empty text for always. `states` are those of
/// the same level, and what is not among them is left out.
pub(crate) fn next(states: &Tree, state: &Tree) -> Vec<(Arc<str>, Arc<str>)> {
    let mut out = Vec::new();
    let mut add = |to: Option<&Tree>, when: &str| {
        let Some(name) = to.and_then(Tree::text).filter(|name| states.get(name).is_some()) else { return };
        out.push((name.into(), when.into()));
    };
    add(state.get("Next"), "");
    for choice in state.get("Choices").map(Tree::items).unwrap_or_default() {
        add(choice.get("Next"), &short(&condition(choice, 0)));
    }
    add(state.get("Default"), "otherwise");
    for catch in state.get("Catch").map(Tree::items).unwrap_or_default() {
        let errors: Vec<&str> =
            catch.get("ErrorEquals").map(Tree::items).unwrap_or_default().iter().filter_map(Tree::text).collect();
        let any = errors.contains(&"States.ALL");
        add(
            catch.get("Next"),
            &short(&if any { "on any error".to_owned() } else { format!("on {}", errors.join(", ")) }),
        );
    }
    for (inner, when) in inner(state) {
        if let Some(start) = inner.get("StartAt").and_then(Tree::text).filter(|name| has(inner, name)) {
            out.push((start.into(), when.into()));
        }
    }
    out
}

/// The machines inside a state, each with when it runs.
fn inner(state: &Tree) -> impl Iterator<Item = (&Tree, &'static str)> {
    let each = ["Iterator", "ItemProcessor"].into_iter().filter_map(|key| state.get(key)).map(|m| (m, "for each item"));
    let branches = state.get("Branches").map(Tree::items).unwrap_or_default();
    each.chain(branches.iter().map(|branch| (branch, "in parallel")))
}

fn has(machine: &Tree, name: &str) -> bool {
    machine.get("States").is_some_and(|states| states.get(name).is_some())
}

/// A rule of a choice: a comparison, several of them, or an expression of JSONata.
fn condition(rule: &Tree, depth: u32) -> String {
    if depth > MAX_DEPTH {
        return "…".to_owned();
    }
    if let Some(expression) = rule.get("Condition").and_then(Tree::text) {
        return expression.trim().trim_start_matches("{%").trim_end_matches("%}").trim().to_owned();
    }
    for (key, word) in [("And", " and "), ("Or", " or ")] {
        if let Some(all) = rule.get(key) {
            return all.items().iter().map(|one| condition(one, depth + 1)).collect::<Vec<_>>().join(word);
        }
    }
    if let Some(inner) = rule.get("Not") {
        return format!("not {}", condition(inner, depth + 1));
    }
    let variable = rule.get("Variable").and_then(Tree::text).unwrap_or_default().trim_start_matches("$.");
    let comparison = rule.entries().iter().find_map(|(key, value)| comparison(&key.text, value));
    comparison.map(|words| format!("{variable} {words}")).unwrap_or_default()
}

/// `StringEquals: ok` is `= ok`, `IsPresent: false` is `is not present`.
fn comparison(key: &str, value: &Tree) -> Option<String> {
    let value = value.text();
    if let Some(what) = key.strip_prefix("Is") {
        let not = if value == Some("false") { "not " } else { "" };
        return Some(format!("is {not}{}", what.to_lowercase()));
    }
    let plain = key.strip_suffix("Path").unwrap_or(key);
    let (_, sign) = COMPARISONS.iter().find(|(ending, _)| plain.ends_with(ending))?;
    Some(format!("{sign} {}", value?))
}

fn short(text: &str) -> String {
    if text.chars().count() <= MAX_WORDS {
        return text.to_owned();
    }
    text.chars().take(MAX_WORDS - 1).chain(['…']).collect()
}
