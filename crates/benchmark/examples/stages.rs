//! How long each stage takes on a folder: `cargo run --release -p benchmark --example stages -- FOLDER`.

#![expect(clippy::print_stdout, reason = "prints its figures")]

use std::path::Path;
use std::time::Instant;

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let start = Instant::now();
    let folder = source::Folder::open(Path::new(&folder), &source::Options::default()).expect("the folder is there");
    println!("{:>10} {:>8.1?}", "Walk", start.elapsed());
    let outcome = pipeline::run(&folder, &pipeline::Options::default());
    for (stage, time) in &outcome.statistics.times {
        println!("{:>10} {time:>8.1?}", format!("{stage:?}"));
    }
    let start = Instant::now();
    let drawn = render::draw(&outcome.model, &render::RenderOptions::default());
    println!("{:>10} {:>8.1?}  {} files", "Draw", start.elapsed(), drawn.len());
    let start = Instant::now();
    let bytes = outcome.model.to_json().len();
    println!("{:>10} {:>8.1?}  {bytes} bytes", "Write", start.elapsed());
}
