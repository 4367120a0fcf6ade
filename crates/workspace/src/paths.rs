//! Paths of files, with `/` between their parts and relative to the scanned root.

/// The folder of a file; `""` for the root.
pub(crate) fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path as it is written in a file of `folder`; nothing when it leads out of the scan.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(':') {
        return None;
    }
    facts::joined(folder, &path.replace('\\', "/"))
}

/// A file in a folder.
pub(crate) fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_scan() {
        assert_eq!(join("crates/a", "../b").as_deref(), Some("crates/b"));
        assert_eq!(join("", "./x.rs").as_deref(), Some("x.rs"));
        assert_eq!(join("a", "../.."), None);
        assert_eq!(join("a", "/etc"), None);
        assert_eq!((folder("a/b.rs"), folder("b.rs")), ("a", ""));
    }
}
