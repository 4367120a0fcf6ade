//! `connectome/1`: the model as JSON and back.

use crate::Model;
use serde::{Deserialize, Serialize};

/// The name and major version of the format.
pub const SCHEMA: &str = "connectome/1";

/// Why a document is not a model that this version reads.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not JSON, or not of the shape that the schema says.
    #[error("not a connectome model: {0}")]
    Shape(#[from] serde_json::Error),
    /// It is of another format or major version.
    #[error("the model says it is `{0}`; this version reads `{SCHEMA}`")]
    Version(String),
    /// An edge ends at a node that is not there, a parent is missing, an id stands twice.
    #[error("the model contradicts itself: {0}")]
    Inconsistent(String),
}

#[derive(Serialize)]
struct DocumentOut<'a> {
    schema: &'static str,
    #[serde(flatten)]
    model: &'a Model,
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

impl Model {
    /// The document, pretty-printed, with a newline at its end.
    ///
    /// # Panics
    ///
    /// Never: every key of a model is a string.
    pub fn to_json(&self) -> String {
        let document = DocumentOut { schema: SCHEMA, model: self };
        let mut text = serde_json::to_string_pretty(&document).expect("a model has only string keys");
        text.push('\n');
        text
    }

    /// Reads a document of [`Model::to_json`], whoever wrote it.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let head: Head = serde_json::from_str(text)?;
        if head.schema != SCHEMA {
            return Err(ModelError::Version(head.schema));
        }
        let mut model: Self = serde_json::from_str(text)?;
        model.sort();
        Ok(model)
    }
}
