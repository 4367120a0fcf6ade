//! The sample systems, drawn.

use model::Model;
use render::{RenderOptions, draw};

/// The samples by name, smallest first.
pub(crate) const SAMPLES: &[(&str, &str)] = &[
    ("small", include_str!("../samples/small.json")),
    ("medium", include_str!("../samples/medium.json")),
    ("large", include_str!("../samples/large.json")),
];

/// A sample as a model.
pub(crate) fn sample(name: &str) -> Model {
    let (_, text) = SAMPLES.iter().find(|(n, _)| *n == name).expect("a sample of that name");
    Model::from_json(text).expect("a sample is a model")
}

/// One format of a drawing.
pub(crate) fn drawn(model: &Model, extension: &str) -> String {
    let files = draw(model, &RenderOptions::default());
    let name = format!("architecture.{extension}");
    files.into_iter().find(|(n, _)| *n == name).expect("every format is drawn").1
}
