//! Deployment commands in Makefiles, shell scripts and build files: which parameters a stack is given.
//!
//! `sam deploy --template-file t.yaml --parameter-overrides Table=/${ENV}/table` says what no template says. Variables of
//! the script stay symbolic.

use crate::{paths, settings};
use facts::{ConfigFrontend, Declarations, Deployment, Expr, Place, SourceFile, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Scripts that deploy.
#[derive(Debug)]
pub(crate) struct Scripts;

/// What stands before parameters: of `deploy`, and of `create-stack` and its like.
const FLAGS: &[&str] = &["--parameter-overrides", "--parameters"];

/// Logical lines that are looked at in one file.
const MAX_COMMANDS: usize = 200;

impl ConfigFrontend for Scripts {
    fn name(&self) -> &'static str {
        "scripts"
    }

    fn wants(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
        matches!(name, "Makefile" | "makefile" | "GNUmakefile")
            || matches!(extension, "bash" | "mk" | "sh" | "yaml" | "yml")
    }

    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        if !FLAGS.iter().any(|flag| file.text.contains(flag)) {
            return;
        }
        for (line, command) in commands(&file.text).into_iter().take(MAX_COMMANDS) {
            let words = words(&command);
            let parameters = overrides(&words, file, sources);
            let Some(scope) = template(&words, file, sources).filter(|_| !parameters.is_empty()) else { continue };
            let place = Place::new(file.path.clone(), line, 1);
            out.deployments.push(Deployment { scope, parameters, place });
        }
    }
}

/// Logical lines that give parameters, with the number of the line on which the flag stands.
fn commands(text: &str) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    let mut whole = String::new();
    let mut at = None;
    for (number, line) in (1..).zip(text.lines()) {
        if FLAGS.iter().any(|flag| line.contains(flag)) && at.is_none() {
            at = Some(number);
        }
        let (line, goes_on) = match line.trim_end().strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        whole.push_str(line);
        whole.push(' ');
        if !goes_on {
            if let Some(number) = at.take() {
                out.push((number, std::mem::take(&mut whole)));
            }
            whole.clear();
        }
    }
    out
}

/// The words of a command, as a shell cuts them.
pub(crate) fn words(command: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quote = None;
    let mut depth = 0_u32;
    for c in command.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, c) if c.is_whitespace() && depth == 0 => out.push(String::new()),
            (_, c) => {
                match c {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if let Some(last) = out.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

/// `Key=value` words behind the flag, up to the next flag or command.
fn overrides(words: &[String], file: &SourceFile, sources: &dyn Sources) -> BTreeMap<Arc<str>, Expr> {
    let behind = words.iter().skip_while(|w| !FLAGS.contains(&w.as_str())).skip(1);
    let ends = |w: &String| w.starts_with("--") || matches!(w.as_str(), "&&" | "||" | ";" | "|");
    let words: Vec<String> = behind.take_while(|w| !ends(w)).cloned().collect();
    let mut out = given(&words, &file.path);
    // Commands run in the script's folder or in that of the repository.
    for path in words.iter().filter_map(|w| w.strip_prefix("file://")) {
        let places = [paths::resolve(&file.path, path), paths::below("", path)];
        let list = places.into_iter().flatten().find_map(|path| sources.read(&path).ok());
        out.extend(list.map(|list| settings::listed(&list)).unwrap_or_default());
    }
    out
}

/// The parameters that `Key=value` words give; variables are parameters of the file.
pub(crate) fn given(words: &[String], file: &Arc<str>) -> BTreeMap<Arc<str>, Expr> {
    let mut out = BTreeMap::new();
    for word in words {
        let pair = match word.strip_prefix("ParameterKey=").and_then(|w| w.split_once(",ParameterValue=")) {
            Some(pair) => Some(pair),
            None => word.split_once('='),
        };
        let Some((key, value)) = pair else { continue };
        let value = expression(value, file);
        // A value that is all variable says nothing.
        let known = match &value {
            Expr::Literal(text) => !text.is_empty(),
            Expr::Concat(_) => true,
            _ => false,
        };
        if known && key.chars().all(|c| c.is_ascii_alphanumeric()) {
            out.insert(key.into(), value);
        }
    }
    out
}

/// A word with its variables: `$X`, `${X}`, `$${X}`, `$(X)`.
fn expression(word: &str, file: &Arc<str>) -> Expr {
    let mut pieces = Vec::new();
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        pieces.push(Expr::literal(&rest[..at]));
        rest = rest[at..].trim_start_matches('$');
        let (name, after) = if let Some(open @ ('{' | '(')) = rest.chars().next() {
            let close = if open == '{' { '}' } else { ')' };
            let end = rest.find(close).unwrap_or(rest.len());
            (&rest[1..end], rest.get(end + 1..).unwrap_or_default())
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest.split_at(end)
        };
        pieces.push(Expr::Parameter { scope: file.clone(), name: name.trim().into() });
        rest = after;
    }
    pieces.push(Expr::literal(rest));
    Expr::concat(pieces)
}

/// The template that is deployed: the one that is named, or else the only usual one beside the script.
fn template(words: &[String], file: &SourceFile, sources: &dyn Sources) -> Option<Arc<str>> {
    let flag = |w: &&String| matches!(w.as_str(), "--template-file" | "--template" | "--template-body" | "-t");
    let named = words.iter().skip_while(|w| !flag(w)).nth(1);
    let named = named.map(|n| n.strip_prefix("file://").unwrap_or(n));
    let named = named.and_then(|n| paths::resolve(&file.path, n)).filter(|p| sources.is_file(p));
    let usual = || {
        let beside = |name: &str| paths::resolve(&file.path, name).filter(|p| sources.is_file(p));
        ["template.yaml", "template.yml", "template.json"].into_iter().find_map(beside)
    };
    named.or_else(usual).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    fn check(script: &str, expected: &[&str]) {
        let sources = MemorySources::new([("s/Makefile", script), ("s/template.yaml", ""), ("s/other.yaml", "")]);
        let mut out = Declarations::default();
        Scripts.extract(&SourceFile::new("s/Makefile", script), &sources, &mut out);
        let show = |d: &Deployment| {
            let given: Vec<String> = d.parameters.iter().map(|(k, v)| format!("{k}={v}")).collect();
            format!("{}:{} {}", d.scope, d.place.line, given.join(" "))
        };
        assert_eq!(out.deployments.iter().map(show).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn parameters_of_a_command_are_read() {
        let script = "deploy:\n\tsam deploy \\\n\t\t--template-file out.yaml \\\n\t\t--parameter-overrides \\\n\t\t\tTable=/$${ENV}/table \\\n\t\t\tSize=3 --no-fail\n";
        check(script, &["s/template.yaml:4 Size=3 Table=/${ENV}/table"]);
        check("sam deploy -t other.yaml --parameter-overrides 'A=b c' && echo X=1", &["s/other.yaml:1 A=b c"]);
        check("x --parameter-overrides ParameterKey=A,ParameterValue=b", &["s/template.yaml:1 A=b"]);
    }

    #[test]
    fn what_only_the_shell_knows_is_left_out() {
        check("sam deploy --parameter-overrides A=$(aws ssm get --name x) B=${B} C=", &[]);
        check("echo hello", &[]);
    }
}
