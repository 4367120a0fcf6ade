//! Which value of a call a rule speaks of.

use serde::Deserialize;

/// Which value of a call is meant. Written `0|name` (by position or by name), `.field` (of the receiver's handle;
/// `.field.inner` of a handle in it),
/// `'text'` (a constant), `*` (all arguments), `1*` (any by position from there on), `0|name -> field` (a field of the handle that is given); several joined by
/// ` or ` for the first that is there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Argument {
    /// An argument, by position (from 0, the receiver not counted) or by any of the names.
    Given {
        /// Its position, if it can be given by position.
        position: Option<usize>,
        /// Its names.
        names: Vec<String>,
    },
    /// A field of the handle that the method is called on.
    Field(String),
    /// A constant.
    Text(String),
    /// All arguments.
    All,
    /// Any of the arguments by position, from this one on.
    From(usize),
    /// The first of several that is there.
    FirstOf(Vec<Argument>),
    /// A field of the handle that an argument is.
    Within(Box<Argument>, String),
}

impl TryFrom<String> for Argument {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::All);
        }
        if let Some(first) = text.strip_suffix('*').and_then(|first| first.parse().ok()) {
            return Ok(Self::From(first));
        }
        if text.contains(" or ") {
            let all: Result<Vec<Self>, String> = text.split(" or ").map(|one| Self::try_from(one.to_owned())).collect();
            return all.map(Self::FirstOf);
        }
        if let Some((of, field)) = text.split_once(" -> ") {
            return Ok(Self::Within(Box::new(Self::try_from(of.to_owned())?), field.to_owned()));
        }
        if let Some(field) = text.strip_prefix('.') {
            return Ok(Self::Field(field.to_owned()));
        }
        if let Some(rest) = text.strip_prefix('\'') {
            return rest
                .strip_suffix('\'')
                .map(|t| Self::Text(t.to_owned()))
                .ok_or(format!("no closing quote: {text}"));
        }
        let mut names: Vec<String> = text.split('|').map(str::to_owned).collect();
        let position = names[0].parse().ok();
        if position.is_some() {
            names.remove(0);
        }
        Ok(Self::Given { position, names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_read() {
        let check = |text: &str| Argument::try_from(text.to_owned()).unwrap();
        assert_eq!(check("1|url"), Argument::Given { position: Some(1), names: vec!["url".into()] });
        assert_eq!(check("url"), Argument::Given { position: None, names: vec!["url".into()] });
        assert_eq!(check(".service"), Argument::Field("service".into()));
        assert_eq!(check("'GET'"), Argument::Text("GET".into()));
        assert_eq!(check("0 -> url"), Argument::Within(Box::new(check("0")), "url".into()));
        assert_eq!(check(".url or 'x'"), Argument::FirstOf(vec![check(".url"), check("'x'")]));
    }
}
