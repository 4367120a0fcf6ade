//! Keys: digests of what an answer depends on.

/// A digest of 32 bytes that nobody can make two texts for (BLAKE3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

/// In hexadecimal digits.
impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        blake3::Hash::from_bytes(self.0).fmt(f)
    }
}

/// A key while it is put together, and the key. Each piece is set apart from the next by its length.
#[derive(Clone, Debug)]
pub struct Key {
    question: &'static str,
    hasher: blake3::Hasher,
}

impl Key {
    /// A key for answers to one question, by its name: equal pieces of two questions are not equal keys.
    pub fn new(question: &'static str) -> Self {
        Self { question, hasher: blake3::Hasher::new() }
    }

    /// The name of the question.
    pub fn question(&self) -> &'static str {
        self.question
    }

    /// The same, and depending on these bytes.
    #[must_use]
    pub fn with(mut self, bytes: &[u8]) -> Self {
        self.add(bytes);
        self
    }

    /// Lets the answer depend on these bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(&(bytes.len() as u64).to_le_bytes());
        self.hasher.update(bytes);
    }

    /// What it depends on, in the end.
    pub fn digest(&self) -> Digest {
        Digest(*self.hasher.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_set_apart() {
        let digest = |pieces: &[&str]| {
            let mut key = Key::new("test");
            for piece in pieces {
                key.add(piece.as_bytes());
            }
            key.digest()
        };
        assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["ab"]), digest(&["ab", ""]));
    }
}
