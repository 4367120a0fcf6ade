//! What a stage has to say about its input, as data. Only `cli` turns it into text.

use crate::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// How bad it is for the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Part of the input could not be read; what it declares is missing from the drawing.
    Error,
    /// Something was left out or may be wrong.
    Warning,
    /// Worth knowing; the drawing is as right as it can be.
    Note,
}

/// A word that lives as long as the program. By a name of its own, for `serde` would borrow a plain reference from
/// what it reads.
type Code = &'static str;

/// One message about one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where, if it is about a place.
    pub place: Option<Place>,
    /// How bad.
    pub severity: Severity,
    /// A stable code such as `yaml-syntax`, in kebab case.
    #[serde(deserialize_with = "code")]
    pub code: Code,
    /// One lower-case line about the reader's file: what was expected, and what is left out as a result.
    pub message: String,
    /// What the reader can do.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error at `place`.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { place: Some(place), severity: Severity::Error, code, message: message.into(), hint: None }
    }

    /// A warning at `place`.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// A note at `place`.
    pub fn note(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, place, message) }
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Reads a code. Codes are few and live as long as the program; each is made once.
fn code<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    static CODES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let text = String::deserialize(deserializer)?;
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(codes.get(text.as_str()).copied().unwrap_or_else(|| {
        let code = &*String::leak(text);
        codes.insert(code);
        code
    }))
}
