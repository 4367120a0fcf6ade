//! Paths in the repository, as configuration writes them.

/// A path that `written` means, seen from the folder of `file`; `None` when it leads out of the repository or is
/// no path in it (a URL, an absolute path).
pub(crate) fn resolve(file: &str, written: &str) -> Option<String> {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    below(folder, written)
}

/// A path that `written` means, seen from a folder.
pub(crate) fn below(folder: &str, written: &str) -> Option<String> {
    let written = written.trim().replace('\\', "/");
    if written.contains("://") || written.starts_with('/') || written.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(resolve("a/t.yaml", "src/x"), Some("a/src/x".into()));
        assert_eq!(resolve("a/t.yaml", "../b/./c/"), Some("b/c".into()));
        assert_eq!(resolve("t.yaml", "."), Some(String::new()));
        assert_eq!(resolve("t.yaml", "../../etc"), None);
        assert_eq!(resolve("t.yaml", "s3://b/k"), None);
        assert_eq!(resolve("t.yaml", "/etc/passwd"), None);
    }
}
