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

/// The files of one format of a drawing that is text, each with its name.
pub(crate) fn files(model: &Model, format: &str) -> Vec<(String, String)> {
    let formats = render::registry::format(format).into_iter().collect();
    let text = |bytes| String::from_utf8(bytes).expect("it is text");
    let drawn = draw(model, &RenderOptions { formats, ..RenderOptions::default() });
    drawn.into_iter().map(|(name, content)| (name, text(content))).collect()
}

/// The first page of one format of a drawing.
pub(crate) fn drawn(model: &Model, format: &str) -> String {
    files(model, format).into_iter().next().expect("every format is drawn").1
}
