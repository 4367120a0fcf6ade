//! A repository as one piece of bytes and back. A line `=== path` begins a file.

use std::fmt::Write as _;

/// Most files that a bundle is split into; what follows is part of the last one.
const FILES: usize = 16;
const MARK: &str = "=== ";

/// The files of a bundle. What stands before the first marker is nobody's, and a path keeps only what a path may
/// have, so whatever bytes there are name files inside of the repository.
pub fn split(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix(MARK).map(path) {
            Some(path) if files.len() < FILES => files.push((path, String::new())),
            _ => {
                if let Some((_, content)) = files.last_mut() {
                    content.push_str(line);
                }
            }
        }
    }
    files
}

/// One piece of bytes for the files.
pub fn join(files: &[(String, String)]) -> Vec<u8> {
    let mut text = String::new();
    for (path, content) in files {
        let _ = write!(text, "{MARK}{path}\n{content}");
        if !content.ends_with('\n') {
            text.push('\n');
        }
    }
    text.into_bytes()
}

fn path(text: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "._-/".contains(*c);
    let text: String = text.chars().filter(allowed).take(64).collect();
    let parts: Vec<&str> = text.split('/').filter(|p| !matches!(*p, "" | "." | "..")).collect();
    if parts.is_empty() { "app.py".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_splits_again() {
        let files = [("template.yaml".to_owned(), "A: 1\n".to_owned()), ("src/app.py".to_owned(), "x\n".to_owned())];
        assert_eq!(split(&join(&files)), files);
    }

    #[test]
    fn no_path_leaves_the_repository() {
        let paths: Vec<String> = split(b"lost\n=== /../a/./b\n=== \xFF..\n").into_iter().map(|f| f.0).collect();
        assert_eq!(paths, ["a/b", "app.py"]);
    }
}
