//! No text makes the front end panic.

use facts::{Language as _, SourceFile};
use proptest::prelude::*;

const VALID: &str = r#"
import a.b as c
from . import d
class A(B):
    x: int = 1
    @property
    def p(self): return [lambda: y for y in self.z if y]
def f(a, *b, k="é", **e):
    global g
    with open(f"{a!r}-{b}") as h, i():
        for j, (l, *m) in enumerate(k):
            try:
                g = a[1:2] + (n := k % 3)
            except (E, F) as o:
                raise
            finally:
                yield from b
    match a:
        case {"k": q} | ["x", *_] if q: return {**e, 1: -2}
        case _: pass
if __name__ == "__main__":
    class C: pass
    f(*[1], **{})
"#;

fn summarise(text: String) {
    let unit = python::PYTHON.summarise(&SourceFile::new("a.py", text));
    python::dump(&unit);
}

proptest! {
    #[test]
    fn any_text(text in "\\PC*") {
        summarise(text);
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        summarise(String::from_utf8_lossy(&bytes).into_owned());
    }

    #[test]
    fn mutilated(cuts in proptest::collection::vec((0usize..900, 0usize..12, "[a-z(:=\"{\n *.]{0,3}"), 1..6)) {
        let mut chars: Vec<char> = VALID.chars().collect();
        for (at, length, insert) in cuts {
            let from = at.min(chars.len());
            let to = (from + length).min(chars.len());
            chars.splice(from..to, insert.chars());
        }
        summarise(chars.into_iter().collect());
    }
}
