//! Prints the summary of a Python file: `cargo run -p python --example dump -- FILE`.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use facts::{Language as _, SourceFile};

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        print!("{}", python::dump(&python::PYTHON.summarise(&SourceFile::new(path, text))));
    }
    Ok(())
}
