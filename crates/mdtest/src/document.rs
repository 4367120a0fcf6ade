//! A Markdown file as scenarios.

use crate::Error;
use crate::expect::{self, Expectation};
use crate::same::Same;
use facts::{MemorySources, Sources};
use pipeline::{Options, Outcome};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A Markdown file of scenarios.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the folder of the suite, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The scenarios, in order.
    pub scenarios: Vec<Scenario>,
}

/// What stands under one heading.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// The heading.
    pub heading: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// The files of the repository.
    files: Vec<(String, String)>,
    /// What must be seen in it.
    blocks: Vec<Block>,
    options: Options,
    /// Whether the files are a Cargo workspace that is read for its crates; with those from elsewhere or without.
    crates: Option<bool>,
}

/// A block that says what must be seen.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is about.
    pub(crate) expectation: Expectation,
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// What it says.
    pub content: String,
    /// The bytes of the content in the document.
    pub(crate) range: Range<usize>,
    /// Why what it says is wrong and known to be.
    pub gap: Option<String>,
}

impl Document {
    /// Reads the file at `path` below `folder`.
    pub fn load(folder: &Path, path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|reason| Error::File { path: path.to_owned(), reason })?;
        let relative = path.strip_prefix(folder).unwrap_or(path);
        let name = relative.iter().map(|p| p.to_string_lossy()).collect::<Vec<_>>().join("/");
        let format = |(line, message)| Error::Format { path: path.to_owned(), line, message };
        let scenarios = parse(&text, path.parent().unwrap_or(folder)).map_err(format)?;
        Ok(Self { path: path.to_owned(), name, text, scenarios })
    }

    /// The text with every expectation replaced by today's result, in as few lines as that takes.
    pub fn updated(&self) -> String {
        let mut text = self.text.clone();
        for scenario in self.scenarios.iter().rev() {
            let outcome = scenario.outcome();
            for block in scenario.blocks.iter().rev() {
                let content = match &block.expectation {
                    Expectation::Same(same) => same.update(block, &scenario.outcomes(same)),
                    _ => expect::update(block, &outcome),
                };
                text.replace_range(block.range.clone(), &content);
            }
        }
        text
    }
}

impl Scenario {
    /// Runs the program on the files and compares. The error says all that differs.
    pub fn run(&self) -> Result<(), String> {
        let outcome = self.outcome();
        let mut problems = Vec::new();
        for block in &self.blocks {
            let mut found = match &block.expectation {
                Expectation::Same(same) => same.compare(block, &self.outcomes(same)),
                _ => expect::compare(block, &outcome),
            };
            if let Some(gap) = block.gap.as_ref().filter(|_| !found.is_empty()) {
                found.push(format!("the known gap has changed: {gap}"));
            }
            problems.extend(found.into_iter().map(|p| format!("line {}: {p}", block.line)));
        }
        // A typing mistake in a file of a test must not pass for a claim that nothing is drawn.
        let says = |b: &Block| matches!(b.expectation, Expectation::Diagnostics | Expectation::Same(_));
        if !self.blocks.iter().any(says) {
            problems.extend(expect::errors(&outcome));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }

    /// Path and text of each file of the repository.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// Known gaps that the scenario asserts.
    pub fn gaps(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().filter_map(|b| b.gap.as_deref())
    }

    fn outcome(&self) -> Outcome {
        let sources = MemorySources::new(self.files.clone());
        match self.crates {
            Some(external) => pipeline::crates(&sources, &self.options, external),
            None => pipeline::run(&sources, &self.options),
        }
    }

    /// What each folder is when it is a repository of its own.
    fn outcomes(&self, same: &Same) -> Vec<Outcome> {
        let one = |folder: &String| {
            let below = |(path, text): &(String, String)| {
                Some((path.strip_prefix(folder.as_str())?.strip_prefix('/')?.to_owned(), text.clone()))
            };
            let files: Vec<(String, String)> = self.files.iter().filter_map(below).collect();
            pipeline::run(&MemorySources::new(files), &self.options)
        };
        same.folders.iter().map(one).collect()
    }
}

/// A line with what the parser has to know of it.
type Problem = (usize, String);

/// The scenarios of a document, whose `folder:` lines are relative to `base`.
fn parse(text: &str, base: &Path) -> Result<Vec<Scenario>, Problem> {
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut gap = None;
    let mut lines = numbered(text).into_iter();
    while let Some((number, start, line)) = lines.next() {
        if let Some(heading) = heading(line) {
            scenarios.push(Scenario { heading: heading.to_owned(), line: number, ..Scenario::default() });
            continue;
        }
        let Some(fence) = fence(line) else {
            setting(line, scenarios.last_mut(), base).map_err(|m| (number, m))?;
            gap = line.strip_prefix("gap:").map(|g| g.trim().to_owned()).or(gap.filter(|_| line.trim().is_empty()));
            continue;
        };
        let begin = start + line.len() + 1;
        let end = lines.by_ref().find(|(_, _, l)| closes(l, fence));
        let Some((_, end, _)) = end else { return Err((number, "this block does not end".to_owned())) };
        let content = text.get(begin..end).unwrap_or_default();
        let scenario = scenarios.last_mut().ok_or((number, "this block stands before any heading".to_owned()))?;
        let info = line.trim_start_matches('`').trim();
        scenario.add(info, number, content, begin..end, gap.take()).map_err(|m| (number, m))?;
    }
    scenarios.retain(|s| !s.files.is_empty() || !s.blocks.is_empty());
    let silent = scenarios.iter().find(|s| s.blocks.is_empty() || s.files.is_empty());
    silent.map_or(Ok(()), |s| Err((s.line, "a scenario has files and at least one expectation".to_owned())))?;
    Ok(scenarios)
}

impl Scenario {
    fn add(
        &mut self,
        info: &str,
        line: usize,
        text: &str,
        range: Range<usize>,
        gap: Option<String>,
    ) -> Result<(), String> {
        if let Some(expectation) = Expectation::parse(info) {
            if let Expectation::Same(same) = &expectation {
                same.check(&self.files)?;
            }
            self.blocks.push(Block { expectation, line, content: text.to_owned(), range, gap });
            return Ok(());
        }
        let Some((_, path)) = info.split_once(' ') else {
            return Err(format!("`{info}` is neither an expectation nor a language and a file name"));
        };
        self.files.push((path.trim().to_owned(), text.to_owned()));
        Ok(())
    }
}

/// Number, first byte and text of each line.
fn numbered(text: &str) -> Vec<(usize, usize, &str)> {
    let mut start = 0;
    let mut lines = Vec::new();
    for (i, line) in text.split('\n').enumerate() {
        lines.push((i + 1, start, line));
        start += line.len() + 1;
    }
    lines
}

fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    (rest.len() < line.len()).then(|| rest.strip_prefix(' ')).flatten().map(str::trim)
}

/// The number of backticks of an opening fence.
fn fence(line: &str) -> Option<usize> {
    let ticks = line.bytes().take_while(|b| *b == b'`').count();
    (ticks >= 3).then_some(ticks)
}

fn closes(line: &str, ticks: usize) -> bool {
    let line = line.trim_end();
    line.len() >= ticks && line.bytes().all(|b| b == b'`')
}

/// `read: crates` reads the files as a Cargo workspace. `stage: prod` and `param: Name=value` are options of the scenario, `folder: path` gives it the files there.
fn setting(line: &str, scenario: Option<&mut Scenario>, base: &Path) -> Result<(), String> {
    let Some(scenario) = scenario else { return Ok(()) };
    if let Some(stage) = line.strip_prefix("stage: ") {
        scenario.options.stage = Some(stage.trim().to_owned());
    } else if let Some(param) = line.strip_prefix("param: ") {
        let (name, value) = param.split_once('=').ok_or("write `param: Name=value`")?;
        scenario.options.parameters.insert(name.trim().to_owned(), value.trim().to_owned());
    } else if let Some(what) = line.strip_prefix("read: ") {
        scenario.crates = match what.trim() {
            "crates" => Some(false),
            "external crates" => Some(true),
            _ => return Err("write `read: crates` or `read: external crates`".to_owned()),
        };
    } else if let Some(folder) = line.strip_prefix("folder: ") {
        scenario.files.extend(on_disk(&base.join(folder.trim())).map_err(|e| e.to_string())?);
    }
    Ok(())
}

/// Path and text of each file below the folder that the program would read.
fn on_disk(folder: &Path) -> Result<Vec<(String, String)>, source::Error> {
    let folder = source::Folder::open(folder, &source::Options::default())?;
    let read = |path: &std::sync::Arc<str>| Some((path.to_string(), folder.read(path).ok()?.text.to_string()));
    Ok(folder.paths().iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Title\n\nProse.\n\n## One\n\nstage: prod\n\n```yaml a/t.yaml\nA: 1\n```\n\ngap: why\n\n```edges\n```\n\n## Two\n````python b.py\n```\n````\n```edges\nA -read-> B\n```\n";

    #[test]
    fn headings_blocks_gaps_and_settings() {
        let scenarios = parse(TEXT, Path::new(".")).unwrap();
        assert_eq!(scenarios.iter().map(|s| s.heading.as_str()).collect::<Vec<_>>(), ["One", "Two"]);
        assert_eq!(scenarios[0].files, [("a/t.yaml".to_owned(), "A: 1\n".to_owned())]);
        assert_eq!(scenarios[0].options.stage.as_deref(), Some("prod"));
        assert_eq!(scenarios[0].gaps().collect::<Vec<_>>(), ["why"]);
        assert_eq!(scenarios[1].files[0].1, "```\n");
        assert_eq!(&TEXT[scenarios[1].blocks[0].range.clone()], "A -read-> B\n");
        assert!(scenarios[1].gaps().next().is_none());
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let check = |text: &str, line: usize| assert_eq!(parse(text, Path::new(".")).unwrap_err().0, line, "{text}");
        check("# A\n```edges\n", 2);
        check("# A\n```yaml t.yaml\n```\n", 1);
        check("```edges\n```\n", 1);
        check("# A\n```yaml\n```\n", 2);
        check("# A\nfolder: no/such/folder\n", 2);
    }
}
