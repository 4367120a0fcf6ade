//! What a run worked out, kept for the next one: bytes by key, nothing more.
//!
//! A [`Key`] is a digest of everything that an answer depends on, so an entry is right or it is not there; what is
//! in the cache can change no result, only how long it takes. [`Disk`] keeps one file for each scanned folder.
//! Deleting it, damaging it or running two programs at once costs time and nothing else.

mod disk;
mod key;

pub use disk::Disk;
pub use key::{Digest, Key};

/// Somewhere to keep bytes by key.
pub trait Cache: Sync {
    /// What was kept under the key, if it still is.
    fn get(&self, key: &Key) -> Option<Vec<u8>>;

    /// Keeps the bytes, if that can be done.
    fn put(&self, key: &Key, value: Vec<u8>);

    /// Says that of the answers to this question, those that were neither asked for nor put in this run are of no use
    /// any more.
    fn forget_others(&self, _question: &'static str) {}

    /// Whether anything is ever kept: digests are not worth making otherwise.
    fn keeps(&self) -> bool {
        true
    }
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Cache for Nothing {
    fn get(&self, _key: &Key) -> Option<Vec<u8>> {
        None
    }

    fn put(&self, _key: &Key, _value: Vec<u8>) {}

    fn keeps(&self) -> bool {
        false
    }
}
