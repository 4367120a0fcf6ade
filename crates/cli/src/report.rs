//! Diagnostics for people, or as JSON; and the exit code.

use crate::args::Common;
use crate::draw::counted;
use crate::input::Input;
use crate::safe::safe;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use facts::{Diagnostic, Place, Severity, Sources};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;
use std::process::ExitCode;

/// So many of one code are shown before the rest is only counted.
const SHOWN_PER_CODE: usize = 5;

/// A longer line of source is not shown.
const MAX_LINE: usize = 300;

/// Prints the diagnostics to standard error and says how to exit. Where there is nothing to draw, a note may say why.
pub(crate) fn report(input: &Input, common: &Common) -> ExitCode {
    if !common.quiet {
        let text = if common.json_diagnostics {
            json(&input.diagnostics)
        } else {
            people(input, common.verbose || input.is_empty())
        };
        // Nobody is left to tell when standard error is gone.
        let _ = anstream::stderr().write_all(text.as_bytes());
    }
    let faults = if common.strict { faults(input) } else { Vec::new() };
    if !faults.is_empty() && !common.quiet && !common.json_diagnostics {
        let _ = writeln!(anstream::stderr(), "--strict: {} (`connectome list -v` shows all)", faults.join(", "));
    }
    ExitCode::from(u8::from(!faults.is_empty()))
}

/// What a strict run does not let pass, counted.
fn faults(input: &Input) -> Vec<String> {
    let of = |severity| input.diagnostics.iter().filter(|d| d.severity == severity).count();
    let [errors, warnings] = [Severity::Error, Severity::Warning].map(of);
    let unresolved = input.model.unresolved.len();
    let counts = [
        (errors, counted(errors, "error")),
        (warnings, counted(warnings, "warning")),
        (unresolved, format!("{unresolved} unresolved")),
    ];
    counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect()
}

/// Prints why the command could not run.
pub(crate) fn failure(error: &anyhow::Error) {
    let renderer = Renderer::styled();
    let text = safe(&format!("{error:#}"));
    let report = [Group::with_title(Level::ERROR.primary_title(text))];
    let _ = writeln!(anstream::stderr(), "{}", renderer.render(&report));
}

fn json(diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        let place = d.place.as_ref();
        let value = serde_json::json!({
            "severity": d.severity, "code": d.code, "message": d.message, "hint": d.hint,
            "file": place.map(|p| &p.file), "line": place.map(|p| p.line), "column": place.map(|p| p.column),
        });
        format!("{value}\n")
    };
    diagnostics.iter().map(line).collect()
}

fn people(input: &Input, verbose: bool) -> String {
    let mut by_severity: Vec<&Diagnostic> = input.diagnostics.iter().collect();
    by_severity.sort_by_key(|d| d.severity);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hidden: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    let mut out = String::new();
    for diagnostic in by_severity {
        let count = seen.entry(diagnostic.code).or_default();
        *count += 1;
        if verbose || (diagnostic.severity != Severity::Note && *count <= SHOWN_PER_CODE) {
            out.push_str(&one(diagnostic, input));
            out.push('\n');
        } else {
            *hidden.entry((diagnostic.severity, diagnostic.code)).or_default() += 1;
        }
    }
    if !hidden.is_empty() {
        let counts: Vec<String> = hidden.iter().map(|((_, code), n)| format!("{n} × {code}")).collect();
        let _ = writeln!(out, "not shown: {} (--verbose shows all)", counts.join(", "));
    }
    out
}

fn one(diagnostic: &Diagnostic, input: &Input) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(safe(&diagnostic.message)).id(diagnostic.code);
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = group.element(at(place, input));
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(safe(hint)));
    }
    Renderer::styled().render(&[group]) + "\n"
}

/// The line at the place, or only the place when the line cannot be shown.
fn at(place: &Place, input: &Input) -> Element<'static> {
    let path = safe(&place.file);
    let text = input.folder.as_ref().and_then(|f| f.read(&place.file).ok());
    let line = text.as_ref().and_then(|t| t.text.lines().nth((place.line as usize).saturating_sub(1)));
    match line.map(safe) {
        Some(line) if !line.trim().is_empty() && line.len() <= MAX_LINE => {
            let span = span(&line, place.column);
            let annotation = AnnotationKind::Primary.span(span);
            Snippet::source(line).line_start(place.line as usize).path(path).annotation(annotation).into()
        }
        _ => annotate_snippets::Origin::path(path).line(place.line as usize).char_column(place.column as usize).into(),
    }
}

/// The bytes from a column to the end of the line.
fn span(line: &str, column: u32) -> Range<usize> {
    let end = line.trim_end().len();
    let start = line.char_indices().nth((column as usize).saturating_sub(1)).map_or(end, |(at, _)| at);
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_in_bytes_and_inside_the_line() {
        assert_eq!(span("ü: [x", 4), 4..6);
        assert_eq!(span("ab", 9), 2..2);
        assert_eq!(span("ab  ", 0), 0..2);
    }
}
