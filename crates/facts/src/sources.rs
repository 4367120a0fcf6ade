//! The files of the scan, as front ends see them.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the scanned root, with `/` between its parts.
    pub path: Arc<str>,
    /// Its content as text, without a byte order mark; bytes that are not UTF-8 are replaced.
    pub text: Arc<str>,
    /// Whether bytes had to be replaced.
    pub lossy: bool,
}

impl SourceFile {
    /// A file from a string.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into(), lossy: false }
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// No such file in the scan (ignored, excluded or missing).
    Missing,
    /// Larger than the limit, in bytes.
    TooLarge(u64),
    /// The operating system's message.
    Failed(String),
}

/// The files of one scan. Paths are relative to the root with `/`; nothing outside the root can be named.
pub trait Sources: Sync {
    /// Every path, sorted.
    fn paths(&self) -> &[Arc<str>];

    /// The text of a file.
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError>;

    /// Whether the path is a second name of a file that the scan has under its own name too (a symbolic link).
    /// Code may be imported by such a name; configuration is read by the first one only.
    fn is_alias(&self, _path: &str) -> bool {
        false
    }

    /// Whether the file is in the scan.
    fn is_file(&self, path: &str) -> bool {
        self.paths().binary_search_by(|p| (**p).cmp(path)).is_ok()
    }

    /// Whether a file of the scan lies below the folder. `""` is the root.
    fn is_dir(&self, path: &str) -> bool {
        !self.below(path).is_empty()
    }

    /// Every path below the folder, sorted. `""` is the root.
    fn below(&self, folder: &str) -> &[Arc<str>] {
        let paths = self.paths();
        if folder.is_empty() {
            return paths;
        }
        // All of `folder/…` are neighbours in the sorted list: `/` sorts below every other name character
        // that could follow, so the bounds are `folder/` and `folder0` (`0` is the character after `/`).
        let start = paths.partition_point(|p| **p < *format!("{folder}/"));
        let end = paths.partition_point(|p| **p < *format!("{folder}0"));
        &paths[start..end]
    }
}

/// Files held in memory: for tests and for pieces of code found inside other files.
#[derive(Clone, Debug, Default)]
pub struct MemorySources {
    paths: Vec<Arc<str>>,
    files: BTreeMap<Arc<str>, Arc<SourceFile>>,
}

impl MemorySources {
    /// From pairs of path and text.
    pub fn new<P: Into<Arc<str>>, T: Into<Arc<str>>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let files: BTreeMap<Arc<str>, Arc<SourceFile>> = files
            .into_iter()
            .map(|(path, text)| SourceFile::new(path, text))
            .map(|file| (file.path.clone(), Arc::new(file)))
            .collect();
        Self { paths: files.keys().cloned().collect(), files }
    }
}

impl Sources for MemorySources {
    fn paths(&self) -> &[Arc<str>] {
        &self.paths
    }

    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        self.files.get(path).cloned().ok_or(ReadError::Missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_is_the_folder_and_nothing_beside_it() {
        let s = MemorySources::new([("a/x.py", ""), ("a-b/y.py", ""), ("a/c/z.py", ""), ("a0.py", ""), ("a.py", "")]);
        let below: Vec<&str> = s.below("a").iter().map(|p| &**p).collect();
        assert_eq!(below, ["a/c/z.py", "a/x.py"]);
        assert!(s.is_dir("a/c") && !s.is_dir("a/x.py") && s.is_file("a.py"));
        assert_eq!(s.below("").len(), 5);
    }
}
