//! `cargo bench`: what the stages cost, on one generated repository a size, in one run.
//!
//! Prints a row for each size: reading the bytes, bare tree-sitter parsing of all Python (one thread and all), our summaries
//! of the same on one thread, and a whole `draw` into memory, as medians: cold, again with what the first run kept, and with one handler changed;
//! and the peak memory, in units of 1,000,000 bytes, of a process that only draws. `CONNECTOME_LINES`
//! names other sizes: `CONNECTOME_LINES=1000,50000 cargo bench`. A second table has the time to the model of large
//! configurations: one template, and a composition of many Serverless Framework services. A third has the time of
//! `syn::parse_file` and of a whole summary of the same Rust, of one file and of many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use facts::Sources as _;
use rayon::prelude::*;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: &[usize] = &[1_000, 10_000, 100_000, 1_000_000];

/// How this program is asked to draw a folder once and to print what memory that took, in kilobytes.
const DRAW_ONCE: &str = "--draw-once";

fn main() {
    let mut asked = std::env::args().skip_while(|argument| argument != DRAW_ONCE).skip(1);
    if let Some(folder) = asked.next() {
        drawn(Path::new(&folder), &cache::Nothing);
        println!("{}", peak_memory_kb());
        return;
    }
    let sizes = std::env::var("CONNECTOME_LINES").ok();
    let sizes: Vec<usize> = match &sizes {
        Some(list) => list.split(',').filter_map(|n| n.trim().parse().ok()).collect(),
        None => SIZES.to_vec(),
    };
    println!("{} threads; medians", rayon::current_num_threads());
    println!(
        "{:>9} {:>7} {:>10} {:>12} {:>12} {:>12} {:>10} {:>10} {:>12} {:>12} {:>9}",
        "lines",
        "files",
        "read",
        "parse (1)",
        "parse (all)",
        "summary (1)",
        "draw",
        "again",
        "one changed",
        "lines/s",
        "peak MB"
    );
    for size in sizes {
        measure(size);
    }
    println!("\n{:>28} {:>10} {:>10}", "configuration", "KB", "model");
    for kilobytes in [250, 500, 1000, 2000] {
        configuration("one template", &benchmark::template(kilobytes * 1000));
    }
    for services in [75, 150, 300, 600] {
        configuration(&format!("composition of {services}"), &benchmark::composition(services));
    }
    println!("\n{:>28} {:>10} {:>10} {:>10}", "files", "KB", "syn", "summary");
    rust_files(1, 2_000);
    rust_files(500, 10);
}

/// The time to parse Rust, and to summarise it.
fn rust_files(files: usize, functions: usize) {
    let text = benchmark::rust_file(functions);
    let file = facts::SourceFile::new("src/main.rs", text.as_str());
    let parse = median(5, || (0..files).filter(|_| syn::parse_file(black_box(&text)).is_ok()).count());
    let summarise = || facts::Language::summarise(&rust::RUST, black_box(&file)).functions.len();
    let summary = median(5, || (0..files).map(|_| summarise()).sum::<usize>());
    let kilobytes = files * text.len() / 1000;
    println!(
        "{:>28} {kilobytes:>10} {:>10} {:>10}",
        format!("{files} of Rust"),
        milliseconds(parse),
        milliseconds(summary)
    );
}

/// The time to the model of a repository that is mostly configuration.
fn configuration(what: &str, files: &[benchmark::File]) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write(folder.path(), files);
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let time = median(5, || {
        let outcome = pipeline::run(&open(folder.path()), &pipeline::Options::default());
        outcome.model.edges.len()
    });
    println!("{what:>28} {:>10} {:>10}", bytes / 1000, milliseconds(time));
}

fn measure(size: usize) {
    let files = benchmark::repository(size);
    let lines: usize = files.iter().map(benchmark::count).sum();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write(folder.path(), &files);
    drop(files);
    let runs = if size > 200_000 { 3 } else { 7 };
    let read = median(runs, || read_all(folder.path()));
    let python = python_texts(folder.path());
    let one = median(runs, || python.iter().map(|t| parse(t)).sum::<usize>());
    let all = median(runs, || python.par_iter().map(|t| parse(t)).sum::<usize>());
    let summary = median(runs, || python.iter().map(|t| summarised(t)).sum::<usize>());
    drop(python);
    let draw = median(runs, || drawn(folder.path(), &cache::Nothing));
    let peak = peak_of_drawing_mb(folder.path());
    let kept = tempfile::tempdir().expect("a temporary folder can be made");
    drawn_with(folder.path(), kept.path());
    let again = median(runs, || drawn_with(folder.path(), kept.path()));
    let changed = median(runs, || {
        change(&folder.path().join("s0/src/f0/app.py"));
        drawn_with(folder.path(), kept.path())
    });
    println!(
        "{lines:>9} {:>7} {:>10} {:>12} {:>12} {:>12} {:>10} {:>10} {:>12} {:>12.0} {:>9.0}",
        open(folder.path()).paths().len(),
        milliseconds(read),
        milliseconds(one),
        milliseconds(all),
        milliseconds(summary),
        milliseconds(draw),
        milliseconds(again),
        milliseconds(changed),
        lines as f64 / draw.as_secs_f64(),
        peak,
    );
}

fn write(folder: &Path, files: &[benchmark::File]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }
}

fn open(folder: &Path) -> source::Folder {
    source::Folder::open(folder, &source::Options::default()).expect("the folder is there")
}

fn read_all(folder: &Path) -> usize {
    let folder = open(folder);
    folder.paths().par_iter().map(|p| folder.read(p).map_or(0, |f| f.text.len())).sum()
}

fn python_texts(folder: &Path) -> Vec<String> {
    let folder = open(folder);
    let python = folder.paths().iter().filter(|p| p.ends_with(".py"));
    python.filter_map(|p| Some(folder.read(p).ok()?.text.to_string())).collect()
}

fn parse(text: &str) -> usize {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).expect("the grammar fits the library");
    parser.parse(text, None).map_or(0, |tree| tree.root_node().descendant_count())
}

fn summarised(text: &str) -> usize {
    facts::Language::summarise(&python::PYTHON, &facts::SourceFile::new("app.py", text)).functions.len()
}

/// A whole drawing with what earlier runs kept below `kept`, and keeping what the next may need.
fn drawn_with(folder: &Path, kept: &Path) -> usize {
    let disk = cache::Disk::open(kept, folder, "benchmark").expect("nobody else has it open");
    let bytes = drawn(folder, &disk);
    assert!(disk.close(), "the cache can be written");
    bytes
}

/// Adds a comment to a file.
fn change(path: &Path) {
    let mut text = std::fs::read_to_string(path).expect("the file is there");
    text.push_str("# changed\n");
    std::fs::write(path, text).expect("a file can be written");
}

fn drawn(folder: &Path, cache: &dyn cache::Cache) -> usize {
    let folder = open(folder);
    let outcome = pipeline::run_watched(&folder, &pipeline::Options::default(), cache, &|_| {});
    let drawn = render::draw_with(&outcome.model, &render::RenderOptions::default(), cache);
    drawn.iter().map(|(_, text)| text.len()).sum()
}

fn median<T>(runs: usize, mut f: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(f());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// The most memory that a process holds that does nothing but draw: this one has held the texts of all files, too.
fn peak_of_drawing_mb(folder: &Path) -> f64 {
    let this = std::env::current_exe().expect("a running program has a file");
    let child = std::process::Command::new(this).arg(DRAW_ONCE).arg(folder).output().expect("it can be started");
    let printed = String::from_utf8_lossy(&child.stdout);
    printed.trim().parse::<f64>().map_or(0.0, |kb| kb * 1024.0 / 1e6)
}

/// The most memory that this process has held, from the kernel's accounting; 0 where there is none.
fn peak_memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:"));
    line.and_then(|l| l.split_whitespace().nth(1)).and_then(|n| n.parse().ok()).unwrap_or(0)
}
