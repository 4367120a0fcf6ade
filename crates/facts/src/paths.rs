//! Paths of the scan: relative to its root, with `/` between their parts.

/// A path seen from a folder, without `.` and `..`; `""` is the root, and `None` what leads out of it.
pub fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
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
    use super::joined;

    #[test]
    fn paths_stay_in_the_scan() {
        assert_eq!(joined("a/b", "../c/./d/").as_deref(), Some("a/c/d"));
        assert_eq!(joined("./a", "").as_deref(), Some("a"));
        assert_eq!(joined("a", "..").as_deref(), Some(""));
        assert_eq!(joined("a", "../.."), None);
    }
}
