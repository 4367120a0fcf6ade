//! A scanned folder.

use crate::decode::decode;
use crate::links::aliases;
use crate::walk::walk;
use facts::{Diagnostic, ReadError, SourceFile, Sources};
use ignore::overrides::{Override, OverrideBuilder};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What to leave out of the scan.
#[derive(Clone, Debug)]
pub struct Options {
    /// Globs in the notation of `.gitignore`, relative to the root.
    pub exclude: Vec<String>,
    /// Folders that are not entered, such as the one that drawings are written to; absolute or relative to
    /// the current folder.
    pub skip: Vec<PathBuf>,
    /// Larger files are not read, in bytes.
    pub max_file_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { exclude: Vec::new(), skip: Vec::new(), max_file_bytes: 10_000_000 }
    }
}

/// Why a folder cannot be scanned at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is missing, or not to be read.
    #[error("cannot read `{path}`: {reason}")]
    Unreadable {
        /// As it was given.
        path: PathBuf,
        /// The operating system's message.
        reason: std::io::Error,
    },
    /// It is a file.
    #[error("`{0}` is not a folder")]
    NotAFolder(PathBuf),
    /// A glob is not one.
    #[error("`{glob}` is no pattern of what to exclude: {reason}")]
    Exclude {
        /// As it was given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
}

type Content = OnceLock<Result<Arc<SourceFile>, ReadError>>;

/// The files of a folder. Each is read at most once, when it is first asked for.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    max_file_bytes: u64,
    paths: Vec<Arc<str>>,
    /// In the order of `paths`.
    contents: Vec<Content>,
    /// The file behind each second name.
    aliases: BTreeMap<String, String>,
    diagnostics: Vec<Diagnostic>,
}

impl Folder {
    /// Walks the folder at `root`; what cannot be walked is left out and named in [`Folder::diagnostics`].
    pub fn open(root: &Path, options: &Options) -> Result<Self, Error> {
        let unreadable = |reason| Error::Unreadable { path: root.to_owned(), reason };
        let canonical = root.canonicalize().map_err(unreadable)?;
        if !canonical.is_dir() {
            return Err(Error::NotAFolder(root.to_owned()));
        }
        std::fs::read_dir(&canonical).map_err(unreadable)?;
        let skip = options.skip.iter().filter_map(|s| s.canonicalize().ok()).collect();
        let found = walk(&canonical, exclusion(&canonical, &options.exclude)?, skip);
        let (aliases, from_links) = aliases(&canonical, &found.files, &found.links);
        let mut paths: Vec<Arc<str>> =
            found.files.iter().chain(aliases.keys()).map(|p| Arc::from(p.as_str())).collect();
        paths.sort_unstable();
        paths.dedup();
        let mut diagnostics = found.diagnostics;
        diagnostics.extend(from_links);
        let contents = paths.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { root: canonical, max_file_bytes: options.max_file_bytes, paths, contents, aliases, diagnostics })
    }

    /// What the walk left out, and why.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    fn load(&self, path: &Arc<str>) -> Result<Arc<SourceFile>, ReadError> {
        let real = self.aliases.get(&**path).map_or(&**path, String::as_str);
        let bytes = self.bytes(&self.root.join(real))?;
        let (text, lossy) = decode(bytes);
        Ok(Arc::new(SourceFile { path: path.clone(), text: text.into(), lossy }))
    }

    /// At most the limit, whatever the file system says of the size.
    fn bytes(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let failed = |e: std::io::Error| ReadError::Failed(e.kind().to_string());
        let metadata = std::fs::symlink_metadata(path).map_err(failed)?;
        if !metadata.is_file() {
            return Err(ReadError::Failed("it is no longer a file".to_owned()));
        }
        if metadata.len() > self.max_file_bytes {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        let file = File::open(path).map_err(failed)?;
        file.take(self.max_file_bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
        let length = bytes.len() as u64;
        if length > self.max_file_bytes { Err(ReadError::TooLarge(length)) } else { Ok(bytes) }
    }
}

impl Sources for Folder {
    fn paths(&self) -> &[Arc<str>] {
        &self.paths
    }

    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        let at = self.paths.binary_search_by(|p| (**p).cmp(path)).map_err(|_| ReadError::Missing)?;
        self.contents[at].get_or_init(|| self.load(&self.paths[at])).clone()
    }

    fn is_alias(&self, path: &str) -> bool {
        self.aliases.contains_key(path)
    }
}

/// The globs as overrides, in which a leading `!` means to leave out.
fn exclusion(root: &Path, globs: &[String]) -> Result<Override, Error> {
    let mut builder = OverrideBuilder::new(root);
    for glob in globs {
        let wrong = |e: &ignore::Error| Error::Exclude { glob: glob.clone(), reason: e.to_string() };
        builder.add(&format!("!{glob}")).map_err(|e| wrong(&e))?;
    }
    builder.build().map_err(|e| Error::Exclude { glob: globs.join(" "), reason: e.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Makes the files, opens the folder and compares its paths.
    fn check(files: &[(&str, &str)], options: &Options, expected: &[&str]) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let folder = Folder::open(dir.path(), options).unwrap();
        assert_eq!(folder.paths().iter().map(|p| &**p).collect::<Vec<_>>(), expected);
        (dir, folder)
    }

    #[test]
    fn ignored_and_installed_files_are_left_out_without_git_too() {
        let files = [
            (".gitignore", "/out\n"),
            ("out/x.py", ""),
            ("a/node_modules/m/package.json", ""),
            ("a/b.py", ""),
            ("a-b/.hidden.yaml", ""),
            ("layer/python/lib/python3.12/site-packages/x.py", ""),
        ];
        check(&files, &Options::default(), &[".gitignore", "a-b/.hidden.yaml", "a/b.py"]);
    }

    #[test]
    fn excluded_globs_are_left_out() {
        let options = Options { exclude: vec!["legacy/".into(), "*.json".into()], ..Options::default() };
        check(&[("legacy/a.py", ""), ("b.json", ""), ("b.py", "")], &options, &["b.py"]);
    }

    #[test]
    fn large_and_missing_files_are_not_read() {
        let options = Options { max_file_bytes: 3, ..Options::default() };
        let (dir, folder) = check(&[("a", "123"), ("b", "1234"), ("c", "1")], &options, &["a", "b", "c"]);
        assert_eq!(&*folder.read("a").unwrap().text, "123");
        assert_eq!(folder.read("b"), Err(ReadError::TooLarge(4)));
        assert_eq!(folder.read("../a"), Err(ReadError::Missing));
        fs::remove_file(dir.path().join("c")).unwrap();
        assert!(matches!(folder.read("c"), Err(ReadError::Failed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside_and_do_not_loop() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let (root, outside) = (dir.path().join("root"), dir.path().join("outside"));
        fs::create_dir_all(root.join("shared")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("secret.py"), "secret").unwrap();
        fs::write(root.join("shared/a.py"), "inside").unwrap();
        symlink(&outside, root.join("out")).unwrap();
        symlink(outside.join("secret.py"), root.join("secret.py")).unwrap();
        symlink("shared", root.join("linked")).unwrap();
        symlink("..", root.join("shared/loop")).unwrap();
        symlink("nowhere", root.join("broken")).unwrap();
        let folder = Folder::open(&root, &Options::default()).unwrap();
        assert_eq!(folder.paths().iter().map(|p| &**p).collect::<Vec<_>>(), ["linked/a.py", "shared/a.py"]);
        assert_eq!(&*folder.read("linked/a.py").unwrap().text, "inside");
        assert!(folder.is_alias("linked/a.py") && !folder.is_alias("shared/a.py"));
        let codes: Vec<&str> = folder.diagnostics().iter().map(|d| d.code).collect();
        assert_eq!(codes, ["link-broken", "link-outside", "link-outside", "link-loop"]);
    }

    #[test]
    fn a_folder_that_is_none_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("f"), "").unwrap();
        assert!(matches!(Folder::open(&dir.path().join("f"), &Options::default()), Err(Error::NotAFolder(_))));
        assert!(matches!(Folder::open(&dir.path().join("g"), &Options::default()), Err(Error::Unreadable { .. })));
        let exclude = Options { exclude: vec!["a[".into()], ..Options::default() };
        assert!(matches!(Folder::open(dir.path(), &exclude), Err(Error::Exclude { .. })));
    }
}
