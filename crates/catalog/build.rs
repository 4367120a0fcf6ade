//! Lists the tables of `data/libraries`, so that a library is one file more and no line of code.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("data/libraries");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut out = String::from("const FILES: &[(&str, &[(&str, &str)])] = &[\n");
    for language in sorted(folder)? {
        let name = name(&language);
        println!("cargo::rerun-if-changed={}", language.display());
        writeln!(out, "    ({name:?}, &[")?;
        for table in sorted(&language)?.iter().filter(|path| path.extension().is_some_and(|e| e == "toml")) {
            // The compiler puts the folder in, so that what is built here still holds when the folder has moved.
            let path = format!("/{}", table.display());
            let file = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))");
            writeln!(out, "        ({:?}, {file}),", self::name(table))?;
        }
        writeln!(out, "    ]),")?;
    }
    out.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("libraries.rs"), out)?;
    Ok(())
}

/// What a folder holds, in the order of names.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let all: Result<Vec<PathBuf>, _> = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect();
    let mut all = all?;
    all.sort();
    Ok(all)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
