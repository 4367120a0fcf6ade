//! What a stage has to say about its input, as data. Only `cli` turns it into text.

use crate::Place;
use serde::{Deserialize, Serialize};

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

/// One message about one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Diagnostic {
    /// Where, if it is about a place.
    pub place: Option<Place>,
    /// How bad.
    pub severity: Severity,
    /// A stable code such as `yaml-syntax`, in kebab case.
    pub code: &'static str,
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
