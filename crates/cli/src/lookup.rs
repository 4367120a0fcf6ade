//! Which node of the model does a word of the user mean?

use model::{Model, Node};
use std::collections::BTreeSet;

/// The node that `word` means: by id, else by name, else by the end of its id; upper and lower case are told
/// apart only where that helps. The error says what else it could have meant.
pub(crate) fn node<'a>(model: &'a Model, word: &str) -> anyhow::Result<&'a Node> {
    let same = |text: &str| text == word;
    let same_folded = |text: &str| text.eq_ignore_ascii_case(word);
    let tries: [&dyn Fn(&Node) -> bool; 5] = [
        &|n| n.id == word,
        &|n| same(&n.name) || n.names.iter().any(|name| same(name)),
        &|n| is_end(&n.id, word),
        &|n| same_folded(&n.id) || same_folded(&n.name),
        &|n| is_end(&n.id.to_ascii_lowercase(), &word.to_ascii_lowercase()),
    ];
    for fits in tries {
        let found: Vec<&Node> = model.nodes.iter().filter(|n| fits(n)).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one),
            several => anyhow::bail!("`{word}` may be {}: write one of these ids", listed(several)),
        }
    }
    let near = near(model, word);
    if near.is_empty() {
        anyhow::bail!("no node is called `{word}`; `connectome list` shows all");
    }
    anyhow::bail!("no node is called `{word}`; there is {}", listed(&near))
}

/// Whether `end` is the last part, or the last parts, of a path.
fn is_end(id: &str, end: &str) -> bool {
    id.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

fn listed(nodes: &[&Node]) -> String {
    const SHOWN: usize = 8;
    let mut ids: Vec<String> = nodes.iter().take(SHOWN).map(|n| format!("`{}`", n.id)).collect();
    if nodes.len() > SHOWN {
        ids.push(format!("{} more", nodes.len() - SHOWN));
    }
    match ids.pop() {
        Some(last) if !ids.is_empty() => format!("{} or {last}", ids.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// The nodes whose name is most like the word, the likest first.
fn near<'a>(model: &'a Model, word: &str) -> Vec<&'a Node> {
    const MOST: usize = 5;
    let word = word.to_lowercase();
    let limit = word.chars().count() / 3 + 1;
    let mut near: Vec<(usize, &Node)> = Vec::new();
    for node in &model.nodes {
        let names: BTreeSet<String> = [node.name.to_lowercase(), node.id.to_lowercase()].into();
        let distance = names.iter().map(|n| if n.contains(&word) { 0 } else { distance(n, &word, limit) }).min();
        near.extend(distance.filter(|d| *d <= limit).map(|d| (d, node)));
    }
    near.sort_by_key(|(d, _)| *d);
    near.truncate(MOST);
    near.into_iter().map(|(_, node)| node).collect()
}

/// How many letters have to be added, removed or changed; more than `limit` is not counted out.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: Result<&str, &str>) {
        let text = r#"{"name":"x","edges":[],"nodes":[
            {"id":"orders","kind":"service","name":"orders"},
            {"id":"orders/Table","kind":"table","name":"Table"},
            {"id":"orders/Create","kind":"function","name":"CreateOrder","names":["shop-create"]},
            {"id":"users/Table","kind":"table","name":"Table"}]}"#;
        let model: Model = serde_json::from_str(text).unwrap();
        match (node(&model, word), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found.id, expected),
            (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected),
            (found, _) => panic!("{word}: {found:?}"),
        }
    }

    #[test]
    fn ids_names_and_ends_are_found() {
        check("orders/Table", Ok("orders/Table"));
        check("shop-create", Ok("orders/Create"));
        check("createorder", Ok("orders/Create"));
        check("create", Ok("orders/Create"));
        check("ORDERS", Ok("orders"));
    }

    #[test]
    fn what_is_unclear_is_an_error_that_helps() {
        check("Table", Err("`Table` may be `orders/Table` or `users/Table`: write one of these ids"));
        check("CreatOrder", Err("no node is called `CreatOrder`; there is `orders/Create`"));
        check("able", Err("no node is called `able`; there is `orders/Table` or `users/Table`"));
        check("Zebra", Err("no node is called `Zebra`; `connectome list` shows all"));
    }
}
