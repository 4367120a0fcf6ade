//! Lines such as `Api[POST /orders] -invoke-> Create (possible)  # template.yaml:12`.

use crate::names::{find, short};
use model::{Certainty, Edge, FlowKind, Model};

/// An expected edge.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line<'a> {
    from: &'a str,
    kind: FlowKind,
    to: &'a str,
    certainty: Option<Certainty>,
    /// `file:line` of one of the pieces of evidence.
    evidence: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// Reads a line back; `None` when it is not one.
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
        let (line, evidence) = match line.rsplit_once(" # ") {
            Some((line, comment)) => (line.trim(), Some(comment.trim())),
            None => (line.trim(), None),
        };
        let (line, certainty) = match line.strip_suffix(')').and_then(|l| l.rsplit_once(" (")) {
            Some((rest, word)) if Certainty::parse(word).is_some() => (rest.trim(), Certainty::parse(word)),
            _ => (line, None),
        };
        FlowKind::ALL.iter().find_map(|kind| {
            let (from, to) = line.split_once(&format!(" -{kind}-> "))?;
            Some(Self { from: from.trim(), kind: *kind, to: to.trim(), certainty, evidence })
        })
    }

    /// The index of the edge that it means, or why there is none.
    pub(crate) fn find(&self, model: &Model) -> Result<usize, String> {
        let (from, to) = (find(model, self.from)?, find(model, self.to)?);
        let key = (from.id.as_str(), to.id.as_str(), self.kind);
        let at = model.edges.iter().position(|e| e.key() == key).ok_or("there is no such edge")?;
        let edge = &model.edges[at];
        // What nobody says to be possible or granted is claimed to happen.
        let certain = match self.certainty {
            Some(certainty) => edge.certainty == certainty,
            None => matches!(edge.certainty, Certainty::Declared | Certainty::Inferred),
        };
        if !certain {
            return Err(format!("the edge is {}", edge.certainty));
        }
        let places: Vec<String> = edge.evidence.iter().map(|e| format!("{}:{}", e.at.file, e.at.line)).collect();
        match self.evidence {
            Some(evidence) if !places.iter().any(|p| p == evidence) => {
                Err(format!("the evidence is at {}", places.join(", ")))
            }
            _ => Ok(at),
        }
    }
}

/// The line that an edge would be expected by.
pub(crate) fn written(model: &Model, edge: &Edge) -> String {
    let evidence = edge.evidence.first().map_or_else(String::new, |e| format!("   # {}:{}", e.at.file, e.at.line));
    short_line(model, edge) + &evidence
}

/// The same without its evidence.
pub(crate) fn short_line(model: &Model, edge: &Edge) -> String {
    let (from, to) = (short(model, &edge.from), short(model, &edge.to));
    let certainty = match edge.certainty {
        Certainty::Declared | Certainty::Inferred => String::new(),
        other => format!(" ({other})"),
    };
    format!("{from} -{}-> {to}{certainty}", edge.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        serde_json::from_str(
            r#"{"name":"x","nodes":[{"id":"a/Api","kind":"rest_api","name":"Api"},{"id":"a/Api/GET /o","kind":"route","name":"GET /o","parent":"a/Api"},
            {"id":"a/F","kind":"function","name":"F"},{"id":"b/F","kind":"function","name":"F"}],
            "edges":[{"from":"a/Api/GET /o","to":"a/F","kind":"invoke","mode":"sync","certainty":"possible","evidence":[{"file":"t","line":3,"column":1,"what":""}]}]}"#,
        )
        .unwrap()
    }

    fn check(line: &str, expected: Result<usize, &str>) {
        let found = Line::parse(line).ok_or("no line".to_owned()).and_then(|l| l.find(&model()));
        assert_eq!(found, expected.map_err(str::to_owned), "{line}");
    }

    #[test]
    fn lines_find_their_edge() {
        check("Api[GET /o] -invoke-> a/F (possible)   # t:3", Ok(0));
        check("Api[GET /o] -invoke-> a/F (possible)", Ok(0));
        check("Api[GET /o] -invoke-> a/F", Err("the edge is possible"));
        check("Api[GET /o] -invoke-> a/F (possible) # t:4", Err("the evidence is at t:3"));
        check("Api[GET /o] -invoke-> F", Err("`F` may be any of a/F, b/F"));
        check("Api[GET /p] -invoke-> a/F", Err("`a/Api` has no part `GET /p`"));
        check("Api -invoke-> a/F", Err("there is no such edge"));
        check("Api -> a/F", Err("no line"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let model = model();
        let line = written(&model, &model.edges[0]);
        assert_eq!(line, "Api[GET /o] -invoke-> a/F (possible)   # t:3");
        check(&line, Ok(0));
    }
}
