//! Writes a generated repository, to profile on: `cargo run -p benchmark --example write -- LINES FOLDER`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let lines = args.next().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let folder = args.next().unwrap_or_else(|| "generated".to_owned());
    for (path, text) in benchmark::repository(lines) {
        let path = Path::new(&folder).join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
