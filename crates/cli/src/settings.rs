//! `connectome.yaml`: what a team wants of every run, beside its source. Nobody needs one.
//!
//! The command line says more than the file does. The file is a part of what is scanned, so whatever it holds is harmless: a
//! mistake in it is an error that names its line.

use anyhow::Context;
use facts::{Diagnostic, Severity};
use model::{Arrangement, Grouping, Model, NodeKind};
use render::registry::Format;
use render::{Direction, RenderOptions, Theme};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file's name, in the folder that is scanned; the first that is there counts.
const NAMES: &[&str] = &["connectome.yaml", "connectome.yml"];

/// Bytes of a file of settings.
const MAX_SIZE: u64 = 1 << 20;

/// Everything that the file can say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// What people call the system.
    pub(crate) name: Option<String>,
    /// The stage that is deployed.
    pub(crate) stage: Option<String>,
    /// Values of template parameters at deployment.
    pub(crate) parameters: BTreeMap<String, String>,
    /// What to leave out, in the notation of .gitignore.
    pub(crate) exclude: Vec<String>,
    draw: Drawing,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Drawing {
    formats: Vec<String>,
    granted: bool,
    labels: Option<bool>,
    theme: Colours,
    direction: Pointing,
    hide: Vec<String>,
    groups: Groups,
    names: BTreeMap<String, String>,
    source: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colours {
    #[default]
    Auto,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Pointing {
    #[default]
    Right,
    Down,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Groups {
    #[default]
    Service,
    Folder,
    Tag(String),
}

impl Settings {
    /// Those of a folder; the defaults where it has no such file.
    pub(crate) fn of_folder(folder: &Path) -> anyhow::Result<Self> {
        // A link may lead out of what is scanned.
        let is_own = |path: &PathBuf| std::fs::symlink_metadata(path).is_ok_and(|about| about.is_file());
        let path = NAMES.iter().map(|name| folder.join(name)).find(is_own);
        path.map_or_else(|| Ok(Self::default()), |path| Self::of_file(&path))
    }

    /// Those of a file.
    pub(crate) fn of_file(path: &Path) -> anyhow::Result<Self> {
        let size = std::fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?.len();
        anyhow::ensure!(size <= MAX_SIZE, "`{}` is larger than any settings are", path.display());
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Self::parse(&text).with_context(|| format!("cannot use `{}`", path.display()))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(Self::default());
        }
        let settings: Self = serde_saphyr::from_str(text).map_err(|error| mistake(&error))?;
        settings.formats()?;
        settings.hidden()?;
        settings.draw.source.as_deref().map(crate::links::host).transpose()?;
        Ok(settings)
    }

    /// The formats that are wanted; none when the file says nothing of them.
    pub(crate) fn formats(&self) -> anyhow::Result<Vec<&'static Format>> {
        let format = |name: &String| crate::args::format(name).map_err(anyhow::Error::msg);
        self.draw.formats.iter().map(format).collect()
    }

    fn hidden(&self) -> anyhow::Result<std::collections::BTreeSet<NodeKind>> {
        let kind = |name: &String| {
            NodeKind::parse(name).with_context(|| {
                let known: Vec<&str> = NodeKind::ALL.iter().map(|kind| kind.as_str()).collect();
                format!("`{name}` is no kind of node; those are {}", known.join(", "))
            })
        };
        self.draw.hide.iter().map(kind).collect()
    }

    /// How to draw: `formats` and `granted` are of the command line.
    pub(crate) fn drawing(&self, formats: &[&'static Format], granted: bool) -> anyhow::Result<RenderOptions> {
        let mut options = RenderOptions::default();
        let wanted = if formats.is_empty() { self.formats()? } else { formats.to_vec() };
        if !wanted.is_empty() {
            options.formats = wanted;
        }
        options.source = self.draw.source.as_deref().map(crate::links::host).transpose()?;
        options.granted = granted || self.draw.granted;
        options.labels = self.draw.labels.unwrap_or(true);
        options.theme = match self.draw.theme {
            Colours::Auto => Theme::Auto,
            Colours::Light => Theme::Light,
            Colours::Dark => Theme::Dark,
        };
        options.direction = match self.draw.direction {
            Pointing::Right => Direction::Right,
            Pointing::Down => Direction::Down,
        };
        options.arrangement = self.arrangement()?;
        Ok(options)
    }

    fn arrangement(&self) -> anyhow::Result<Arrangement> {
        let grouping = match &self.draw.groups {
            Groups::Service => Grouping::Service,
            Groups::Folder => Grouping::Folder,
            Groups::Tag(tag) => Grouping::Tag(tag.clone()),
        };
        Ok(Arrangement { hidden: self.hidden()?, names: self.draw.names.clone(), grouping })
    }

    /// What the file says of things that the model does not have: most likely a slip of the pen.
    pub(crate) fn unknown(&self, model: &Model) -> anyhow::Result<Vec<Diagnostic>> {
        let warning = |message: String, hint: &str| Diagnostic {
            place: None,
            severity: Severity::Warning,
            code: "settings-unknown",
            message,
            hint: Some(hint.to_owned()),
        };
        let arrangement = self.arrangement()?;
        let name = |name: &str| {
            let message = format!("the settings give another name to `{name}`, and nothing has that id or name");
            warning(message, "`connectome list` shows ids and names")
        };
        let mut found: Vec<Diagnostic> = arrangement.unknown_names(model).into_iter().map(name).collect();
        if let Some(tag) = arrangement.unknown_tag(model) {
            let message = format!("the settings group by the tag `{tag}`, which nothing has");
            found.push(warning(message, "tags are those of templates, such as `Tags` of a function"));
        }
        Ok(found)
    }
}

/// What the parser calls by the names of its events, and what people call it.
const WORDS: &[(&str, &str)] =
    &[("sequence start", "a list"), ("mapping start", "keys with values"), ("string scalar", "a text")];

/// What is wrong, in one line: the parser would show the line of the file below it.
fn mistake(error: &serde_saphyr::Error) -> anyhow::Error {
    let text = error.without_snippet().to_string();
    anyhow::Error::msg(WORDS.iter().fold(text, |text, (theirs, ours)| text.replace(theirs, ours)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn everything_can_be_said() {
        let settings = Settings::parse(
            "name: shop\nstage: prod\nparameters: {A: b}\nexclude: [legacy/]\ndraw:\n  formats: [svg]\n  granted: true\n  \
             labels: false\n  theme: dark\n  direction: down\n  hide: [parameter]\n  groups: {tag: team}\n  names: {a.example.com: Partner}\n  source: https://code.example.com/shop/blob/main\n",
        )
        .unwrap();
        assert_eq!(settings.name.as_deref(), Some("shop"));
        let options = settings.drawing(&[], false).unwrap();
        assert_eq!(options.formats.iter().map(|f| f.name).collect::<Vec<_>>(), ["svg"]);
        assert!(options.granted && !options.labels);
        assert_eq!(options.source.as_deref(), Some("https://code.example.com/shop/blob/main/"));
        assert_eq!((options.theme, options.direction), (Theme::Dark, Direction::Down));
        assert_eq!(options.arrangement.grouping, Grouping::Tag("team".to_owned()));
        assert!(options.arrangement.hidden.contains(&NodeKind::Parameter));
        assert_eq!(Settings::parse("draw: {groups: folder}").unwrap().draw.groups, Groups::Folder);
        assert_eq!(Settings::parse("# nothing yet\n").unwrap(), Settings::default());
    }

    #[test]
    fn mistakes_are_told() {
        let check = |text: &str, expected: &str| {
            let error = format!("{:#}", Settings::parse(text).unwrap_err());
            assert!(error.contains(expected) && !error.contains('\n'), "{error}");
        };
        check("nam: shop", "nam");
        check("draw: {hide: [thing]}", "`thing` is no kind of node; those are service, function");
        check("draw: {formats: [gif]}", "the formats are");
        check("draw: {source: 'javascript:x'}", "`javascript:x` is no address");
        check("draw: {theme: green}", "green");
        check("draw: {direction: up}", "up");
        check("name: [", "expected a text at line 1, column 7");
        check("exclude: legacy/", "expected a list");
        check("draw: svg", "expected keys with values");
        let mut bomb = "a: &b0 [x]\n".to_owned();
        for i in 0..40 {
            let _ = writeln!(bomb, "b{i}: &b{} [*b{i}, *b{i}]", i + 1);
        }
        assert!(Settings::parse(&bomb).is_err());
    }
}
