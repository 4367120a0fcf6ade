//! A cache in a file: an embedded database (`redb`), one for each scanned folder.

use crate::{Cache, Digest, Key};
use redb::{Database, Durability, ReadableDatabase, TableDefinition};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Answers by the name of the question and what they depend on.
const ENTRIES: TableDefinition<'_, (&str, &[u8; 32]), &[u8]> = TableDefinition::new("entries");

/// What the database itself may hold in memory, in bytes.
const MEMORY: usize = 8 << 20;

/// Files of folders that nobody has scanned for so long are deleted.
const UNUSED: Duration = Duration::from_hours(24 * 30);

/// The ending of the files.
const EXTENSION: &str = "cache";

/// So many bytes that are to be written are held in memory.
const HELD: usize = 8 << 20;

/// Question and digest.
type Entry = (&'static str, Digest);

/// Bytes by key in a file. Everything that is put is written, and what is of no use any more is forgotten, when the
/// cache is closed.
#[derive(Debug)]
pub struct Disk {
    database: Database,
    version: Vec<u8>,
    new: Mutex<BTreeMap<Entry, Vec<u8>>>,
    /// Bytes in `new`.
    held: AtomicUsize,
    /// Whether something was written that is not safe yet.
    flushed: AtomicBool,
    used: Mutex<BTreeSet<Entry>>,
    /// Questions of which only the answers of this run are kept.
    swept: Mutex<BTreeSet<&'static str>>,
}

impl Disk {
    /// Opens the cache of a scanned folder, `root`, among the files in `folder`, or makes it. `version` names the
    /// program: entries of another version are not found. `None` when another run has it open or it cannot be
    /// made: then nothing is kept.
    pub fn open(folder: &Path, root: &Path, version: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).ok()?;
        let name = Digest::of(root.as_os_str().as_encoded_bytes());
        let path = folder.join(name.to_string()).with_extension(EXTENSION);
        forget_unused(folder, &path);
        Some(Self {
            database: database(&path)?,
            version: version.as_bytes().to_vec(),
            new: Mutex::default(),
            held: AtomicUsize::new(0),
            flushed: AtomicBool::new(false),
            used: Mutex::default(),
            swept: Mutex::default(),
        })
    }

    /// Writes what is new and forgets what was not used. Whether it worked; if not, the file is as it was.
    pub fn close(self) -> bool {
        self.write().is_some()
    }

    fn entry(&self, key: &Key) -> Entry {
        (key.question(), key.clone().with(&self.version).digest())
    }

    /// Writes what is new.
    fn flush(&self) -> Option<()> {
        let new = std::mem::take(&mut *self.new.lock().unwrap_or_else(PoisonError::into_inner));
        self.held.store(0, Ordering::Relaxed);
        let mut write = self.database.begin_write().ok()?;
        write.set_durability(Durability::None).ok()?;
        {
            let mut table = write.open_table(ENTRIES).ok()?;
            for ((question, digest), value) in &new {
                table.insert((*question, &digest.0), value.as_slice()).ok()?;
            }
        }
        write.commit().ok()?;
        self.flushed.store(true, Ordering::Relaxed);
        self.used.lock().unwrap_or_else(PoisonError::into_inner).extend(new.into_keys());
        Some(())
    }

    fn write(&self) -> Option<()> {
        let new = std::mem::take(&mut *self.new.lock().unwrap_or_else(PoisonError::into_inner));
        let used = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        let swept = std::mem::take(&mut *self.swept.lock().unwrap_or_else(PoisonError::into_inner));
        if new.is_empty() && swept.is_empty() && !self.flushed.load(Ordering::Relaxed) {
            return Some(());
        }
        let kept = |(question, digest): (&str, &[u8; 32])| match swept.get(question) {
            Some(question) => used.contains(&(*question, Digest(*digest))),
            None => true,
        };
        let mut write = self.database.begin_write().ok()?;
        write.set_durability(Durability::Immediate).ok()?;
        {
            let mut table = write.open_table(ENTRIES).ok()?;
            if !swept.is_empty() {
                table.retain(|entry, _| kept(entry)).ok()?;
            }
            for ((question, digest), value) in &new {
                table.insert((*question, &digest.0), value.as_slice()).ok()?;
            }
        }
        write.commit().ok()
    }
}

impl Cache for Disk {
    fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let entry = self.entry(key);
        let table = self.database.begin_read().ok()?.open_table(ENTRIES).ok()?;
        let value = checked(table.get((entry.0, &entry.1.0)).ok()??.value())?;
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(entry);
        Some(value)
    }

    fn put(&self, key: &Key, mut value: Vec<u8>) {
        let sum = checksum(&value);
        value.extend(sum);
        let length = value.len();
        self.new.lock().unwrap_or_else(PoisonError::into_inner).insert(self.entry(key), value);
        if self.held.fetch_add(length, Ordering::Relaxed) + length > HELD {
            // What cannot be written now is tried again with what comes next.
            let _ = self.flush();
        }
    }

    fn forget_others(&self, question: &'static str) {
        self.swept.lock().unwrap_or_else(PoisonError::into_inner).insert(question);
    }
}

/// Bytes of a checksum.
const SUM: usize = 8;

/// What stands behind each value, so that a damaged one is not there rather than wrong.
fn checksum(value: &[u8]) -> Vec<u8> {
    Digest::of(value).0[..SUM].to_vec()
}

/// The value without its checksum, if that is right.
fn checked(kept: &[u8]) -> Option<Vec<u8>> {
    let (value, sum) = kept.split_at_checked(kept.len().checked_sub(SUM)?)?;
    (sum == checksum(value)).then(|| value.to_vec())
}

/// Opens the file. One that is no database is made anew; one that another run has open is left alone.
fn database(path: &Path) -> Option<Database> {
    let open = || {
        // A damaged file is to be an answer here, not the end of the program.
        std::panic::catch_unwind(|| Database::builder().set_cache_size(MEMORY).create(path)).ok()
    };
    match open() {
        Some(Ok(database)) => Some(database),
        Some(Err(redb::DatabaseError::DatabaseAlreadyOpen)) => None,
        _ => {
            std::fs::remove_file(path).ok()?;
            open()?.ok()
        }
    }
}

fn forget_unused(folder: &Path, own: &Path) {
    let old = |path: &PathBuf| {
        let used = std::fs::metadata(path).and_then(|m| m.modified()).ok();
        used.and_then(|used| SystemTime::now().duration_since(used).ok()).is_some_and(|age| age > UNUSED)
    };
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let ours = files.filter(|path| path != own && path.extension().is_some_and(|end| end == EXTENSION));
    for path in ours.filter(old) {
        // Somebody else may have deleted it already.
        let _ = std::fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::new("test").with(name.as_bytes())
    }

    fn open(folder: &Path, version: &str) -> Disk {
        Disk::open(folder, Path::new("/some/root"), version).expect("nobody else has it open")
    }

    #[test]
    fn what_is_put_is_there_in_the_next_run_of_the_same_version() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path(), "1");
        assert_eq!(first.get(&key("a")), None);
        first.put(&key("a"), b"value".to_vec());
        assert!(first.close());
        let second = open(folder.path(), "1");
        assert_eq!(second.get(&key("a")).as_deref(), Some(b"value".as_slice()));
        assert_eq!(second.get(&key("b")), None);
        assert!(second.close());
        assert_eq!(open(folder.path(), "2").get(&key("a")), None);
    }

    #[test]
    fn what_is_of_no_use_any_more_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let other = Key::new("other");
        let all = [key("a"), key("b"), other];
        let first = open(folder.path(), "1");
        for key in &all {
            first.put(key, b"value".to_vec());
        }
        assert!(first.close());
        let second = open(folder.path(), "1");
        assert!(second.get(&key("a")).is_some());
        second.forget_others("test");
        assert!(second.close());
        let third = open(folder.path(), "1");
        assert_eq!(all.map(|key| third.get(&key).is_some()), [true, false, true]);
    }

    #[test]
    fn much_is_written_on_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..5).map(|i| i.to_string()).collect();
        let first = open(folder.path(), "1");
        for name in &names {
            first.put(&key(name), vec![1; HELD / 3]);
        }
        assert!(first.held.load(Ordering::Relaxed) <= HELD);
        assert!(first.get(&key("0")).is_some());
        assert!(first.close());
        let second = open(folder.path(), "1");
        assert!(names.iter().all(|name| second.get(&key(name)).is_some()));
    }

    #[test]
    fn a_second_run_at_the_same_time_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path(), "1");
        assert!(Disk::open(folder.path(), Path::new("/some/root"), "1").is_none());
        assert!(Disk::open(folder.path(), Path::new("/another"), "1").is_some());
        drop(first);
        assert!(Disk::open(folder.path(), Path::new("/some/root"), "1").is_some());
    }

    #[test]
    fn a_damaged_file_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path(), "1");
        first.put(&key("a"), vec![7; 100_000]);
        assert!(first.close());
        let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        let whole = std::fs::read(&file).unwrap();
        for damaged in [b"no database".to_vec(), whole[..whole.len() / 2].to_vec(), vec![0; whole.len()], Vec::new()] {
            std::fs::write(&file, damaged).unwrap();
            let again = open(folder.path(), "1");
            assert_eq!(again.get(&key("a")), None);
            again.put(&key("a"), b"new".to_vec());
            assert!(again.close());
            let again = open(folder.path(), "1");
            assert_eq!(again.get(&key("a")).as_deref(), Some(b"new".as_slice()));
        }
    }

    #[test]
    fn what_nobody_scans_any_more_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("old.cache");
        let recent = folder.path().join("recent.cache");
        let foreign = folder.path().join("old.txt");
        for path in [&old, &recent, &foreign] {
            std::fs::write(path, "").unwrap();
        }
        let long_ago = SystemTime::now() - UNUSED - Duration::from_mins(1);
        for path in [&old, &foreign] {
            std::fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        drop(open(folder.path(), "1"));
        assert_eq!([old, recent, foreign].map(|p| p.exists()), [false, true, true]);
    }
}
