//! Changes that keep most of an entry meaningful, so that they reach behind the parsers. The same seed makes the same
//! changes.

/// Bytes that mean something to YAML, JSON or Python.
const TELLING: &[u8] = b"{}[]()&*!:#|>-\"'\\\n\t ,.$@%=\0\xFF";

/// What is nested in itself.
const NESTED: &[(&str, &str)] = &[
    ("[", "]"),
    ("{\"a\":", "}"),
    ("(", ")"),
    ("!Sub [", "]"),
    ("Fn::Join: [", "]"),
    ("f(", ")"),
    ("x.", ""),
    ("not ", ""),
    ("lambda: ", ""),
    ("a + ", ""),
    ("-", ""),
    ("f'{", "}'"),
    ("${a.", "}"),
];

/// Numbers at which arithmetic goes wrong.
const NUMBERS: &[&str] =
    &["0", "-1", "1e999", "4294967296", "9223372036854775808", "0x7fffffff", "NaN", "99999999999999999999"];

/// Makes changed entries from a corpus.
pub struct Mutator {
    corpus: Vec<Vec<u8>>,
    words: Vec<String>,
    state: u64,
}

impl Mutator {
    /// Of a corpus that is not empty; `seed` decides everything that follows.
    pub fn new(corpus: Vec<Vec<u8>>, seed: u64) -> Self {
        let words = crate::corpus::words(&corpus);
        Self { corpus, words, state: seed }
    }

    /// An entry of the corpus with one to four changes.
    pub fn next_entry(&mut self) -> Vec<u8> {
        let at = self.below(self.corpus.len());
        let mut entry = self.corpus.get(at).cloned().unwrap_or_default();
        for _ in 0..=self.below(4) {
            self.change(&mut entry);
        }
        entry
    }

    fn change(&mut self, entry: &mut Vec<u8>) {
        match self.below(10) {
            0 => self.replace_byte(entry),
            1 => self.insert_bytes(entry),
            2 => self.cut(entry),
            3 => self.repeat_lines(entry),
            4 => self.swap_lines(entry),
            5 | 6 => self.replace_word(entry),
            7 => self.borrow_lines(entry),
            8 => self.nest(entry),
            _ => self.replace_number(entry),
        }
    }

    fn replace_byte(&mut self, entry: &mut [u8]) {
        let (at, byte) = (self.below(entry.len()), self.telling());
        if let Some(place) = entry.get_mut(at) {
            *place = byte;
        }
    }

    fn insert_bytes(&mut self, entry: &mut Vec<u8>) {
        let at = self.below(entry.len() + 1);
        let new: Vec<u8> = (0..=self.below(8)).map(|_| self.telling()).collect();
        entry.splice(at..at, new);
    }

    fn cut(&mut self, entry: &mut Vec<u8>) {
        let start = self.below(entry.len() + 1);
        let end = if self.below(2) == 0 { entry.len() } else { (start + self.below(40)).min(entry.len()) };
        entry.drain(start..end);
    }

    /// Some lines again, often many times: what is quadratic shows.
    fn repeat_lines(&mut self, entry: &mut Vec<u8>) {
        let mut lines = lines(entry);
        let (start, end) = self.range(lines.len());
        let piece = lines[start..end].to_vec();
        let times = [1, 2, 50][self.below(3)];
        let new = std::iter::repeat_n(piece, times).flatten();
        lines.splice(end..end, new);
        *entry = lines.concat();
    }

    fn swap_lines(&mut self, entry: &mut Vec<u8>) {
        let mut lines = lines(entry);
        if !lines.is_empty() {
            let (a, b) = (self.below(lines.len()), self.below(lines.len()));
            lines.swap(a, b);
        }
        *entry = lines.concat();
    }

    /// Another word for all places of a word, or for one.
    fn replace_word(&mut self, entry: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(entry).into_owned();
        let part = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        let here: Vec<&str> = text.split(part).filter(|w| !w.is_empty()).collect();
        if here.is_empty() || self.words.is_empty() {
            return;
        }
        let old = here[self.below(here.len())];
        let new = if self.below(3) == 0 {
            here[self.below(here.len())].to_owned()
        } else {
            let at = self.below(self.words.len());
            self.words[at].clone()
        };
        *entry = if self.below(2) == 0 { text.replace(old, &new) } else { text.replacen(old, &new, 1) }.into_bytes();
    }

    /// Lines of another entry.
    fn borrow_lines(&mut self, entry: &mut Vec<u8>) {
        let at = self.below(self.corpus.len());
        let other = self.corpus.get(at).map(|e| lines(e)).unwrap_or_default();
        let (start, end) = self.range(other.len());
        let mut lines = lines(entry);
        let at = self.below(lines.len() + 1);
        lines.splice(at..at, other[start..end].iter().cloned());
        *entry = lines.concat();
    }

    /// Something inside of itself, up to so deep that recursion would not end well.
    fn nest(&mut self, entry: &mut Vec<u8>) {
        let (open, close) = NESTED[self.below(NESTED.len())];
        let depth = [3, 40, 600][self.below(3)];
        let at = self.below(entry.len() + 1);
        entry.splice(at..at, format!("{}1{}", open.repeat(depth), close.repeat(depth)).into_bytes());
    }

    fn replace_number(&mut self, entry: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(entry).into_owned();
        let starts: Vec<usize> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(i, _)| i).collect();
        if starts.is_empty() {
            return;
        }
        let at = starts[self.below(starts.len())];
        let number = NUMBERS[self.below(NUMBERS.len())];
        *entry = format!("{}{number}{}", &text[..at], &text[at + 1..]).into_bytes();
    }

    fn telling(&mut self) -> u8 {
        TELLING[self.below(TELLING.len())]
    }

    /// A start and an end of some of `len` things, few more often than many.
    fn range(&mut self, len: usize) -> (usize, usize) {
        let start = self.below(len + 1);
        (start, (start + self.below(12)).min(len))
    }

    /// A number below `limit`, or 0. The generator is `SplitMix64`.
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        (z % (limit.max(1) as u64)) as usize
    }
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_everything() {
        let corpus = || vec![b"def main():\n    pass\n".to_vec(), b"x = 1\ny = x\n".to_vec()];
        let of = |seed| {
            let mut mutator = Mutator::new(corpus(), seed);
            (0..50).map(|_| mutator.next_entry()).collect::<Vec<_>>()
        };
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
    }
}
