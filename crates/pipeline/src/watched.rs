//! Sources that know which files were read, and what was in them.

use cache::Digest;
use facts::{Data, DataFormat, Files, ReadError, SourceFile, Sources};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// The files of a scan while it runs.
pub(crate) struct Watched<'s> {
    sources: &'s dyn Sources,
    /// In the order of the paths: whether the file was read, and the digest of its text.
    read: Vec<AtomicBool>,
    digests: Vec<OnceLock<Digest>>,
}

impl<'s> Watched<'s> {
    pub(crate) fn new(sources: &'s dyn Sources) -> Self {
        let paths = sources.paths();
        let read = paths.iter().map(|_| AtomicBool::new(false)).collect();
        Self { sources, read, digests: paths.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The digest of what reading the file at this index gives.
    pub(crate) fn digest_at(&self, index: usize) -> Digest {
        *self.digests[index].get_or_init(|| match self.sources.read(&self.sources.paths()[index]) {
            Ok(file) => Digest::of(file.text.as_bytes()),
            Err(error) => Digest::of(format!("{error:?}").as_bytes()),
        })
    }

    /// The digest of a file; `None` when it is not in the scan.
    pub(crate) fn digest(&self, path: &str) -> Option<Digest> {
        self.index(path).map(|index| self.digest_at(index))
    }

    /// The indices of all files that were read, ascending.
    pub(crate) fn read_so_far(&self) -> impl Iterator<Item = usize> {
        self.read.iter().enumerate().filter(|(_, read)| read.load(Ordering::Relaxed)).map(|(index, _)| index)
    }

    fn index(&self, path: &str) -> Option<usize> {
        self.sources.paths().binary_search_by(|p| (**p).cmp(path)).ok()
    }
}

impl Sources for Watched<'_> {
    fn paths(&self) -> &[Arc<str>] {
        self.sources.paths()
    }

    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        if let Some(index) = self.index(path) {
            self.read[index].store(true, Ordering::Relaxed);
        }
        self.sources.read(path)
    }

    fn is_alias(&self, path: &str) -> bool {
        self.sources.is_alias(path)
    }
}

impl Files for Watched<'_> {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.read(path).ok().map(|file| file.text.clone())
    }

    fn data(&self, text: &Arc<str>, format: DataFormat) -> Option<Data> {
        config::data(text, format)
    }
}
