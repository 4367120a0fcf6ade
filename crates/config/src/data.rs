//! Data that is no configuration of the cloud: files that code reads.

use crate::tree::{self, Node, Tree};
use facts::{Data, DataFormat, SourceFile};
use std::sync::Arc;

/// The data in a text; `None` when it is not of the format.
pub fn data(text: &Arc<str>, format: DataFormat) -> Option<Data> {
    match format {
        DataFormat::Json => of_file("data.json", text),
        DataFormat::Yaml => of_file("data.yaml", text),
        DataFormat::Toml => {
            let root: toml::Table = toml::from_str(text).ok()?;
            Some(of_toml(&toml::Value::Table(root)))
        }
        DataFormat::Ini => Some(ini(text)),
    }
}

fn of_file(name: &str, text: &Arc<str>) -> Option<Data> {
    let mut diagnostics = Vec::new();
    let tree = tree::read(&SourceFile::new(name, text.clone()), &mut diagnostics)?;
    diagnostics.is_empty().then(|| of_tree(&tree))
}

fn of_tree(tree: &Tree) -> Data {
    match &tree.node {
        Node::Null | Node::Symbol(_) => Data::Null,
        Node::Scalar(text, true) => Data::Text(text.clone()),
        Node::Scalar(text, false) => match &**text {
            "true" | "True" => Data::Bool(true),
            "false" | "False" => Data::Bool(false),
            "null" | "~" => Data::Null,
            other => other.parse().map_or_else(|_| Data::Text(text.clone()), Data::Int),
        },
        Node::List(items) => Data::List(items.iter().map(of_tree).collect()),
        Node::Map(entries) => Data::Map(entries.iter().map(|(k, v)| (k.text.clone(), of_tree(v))).collect()),
    }
}

fn of_toml(value: &toml::Value) -> Data {
    match value {
        toml::Value::Table(all) => Data::Map(all.iter().map(|(k, v)| (k.as_str().into(), of_toml(v))).collect()),
        toml::Value::Array(all) => Data::List(all.iter().map(of_toml).collect()),
        toml::Value::String(text) => Data::Text(text.as_str().into()),
        toml::Value::Integer(number) => Data::Int(*number),
        toml::Value::Boolean(b) => Data::Bool(*b),
        other => Data::Text(other.to_string().into()),
    }
}

/// `[section]` and `key = value` or `key: value`; keys in lower case, and what stands before the first section is not
/// in any, as Python's `configparser` has it.
fn ini(text: &str) -> Data {
    let mut sections: Vec<(Arc<str>, Data)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name.into(), Data::Map(Vec::new())));
        } else if let (Some((key, value)), Some((_, Data::Map(entries)))) =
            (line.split_once(['=', ':']), sections.last_mut())
        {
            entries.push((key.trim().to_lowercase().into(), Data::Text(value.trim().into())));
        }
    }
    Data::Map(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: DataFormat, text: &str, expected: Option<&str>) {
        fn show(data: &Data) -> String {
            match data {
                Data::Null => "null".into(),
                Data::Bool(b) => b.to_string(),
                Data::Int(i) => i.to_string(),
                Data::Text(text) => format!("'{text}'"),
                Data::List(all) => format!("[{}]", all.iter().map(show).collect::<Vec<_>>().join(" ")),
                Data::Map(all) => {
                    let entries: Vec<_> = all.iter().map(|(k, v)| format!("{k}:{}", show(v))).collect();
                    format!("{{{}}}", entries.join(" "))
                }
            }
        }
        let got = data(&text.into(), format).map(|d| show(&d));
        assert_eq!(got.as_deref(), expected, "{text}");
    }

    #[test]
    fn each_format() {
        check(DataFormat::Json, r#"{"a": ["x", 1, true, null], "n": "1"}"#, Some("{a:['x' 1 true null] n:'1'}"));
        check(DataFormat::Yaml, "a:\n  b: x\n  c: [1, no]\n", Some("{a:{b:'x' c:[1 'no']}}"));
        check(DataFormat::Toml, "t = 'x'\n[a]\nn = 1", Some("{a:{n:1} t:'x'}"));
        check(DataFormat::Ini, "x=1\n# no\n[a]\nKey = v=1\nother: w\n[b]", Some("{a:{key:'v=1' other:'w'} b:{}}"));
    }

    #[test]
    fn what_is_not_of_the_format_is_nothing() {
        check(DataFormat::Json, "{\"a\": ", None);
        check(DataFormat::Yaml, "a: [", None);
        check(DataFormat::Toml, "a = ", None);
        check(DataFormat::Ini, "", Some("{}"));
    }
}
