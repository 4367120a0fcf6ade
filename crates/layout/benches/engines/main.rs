//! `cargo xtask layout-benchmark`: our layout beside Graphviz `dot` and `elkjs`, on the same graphs in one run.
//!
//! Prints a Markdown table. Every engine gets the same boxes, captions, labels and groups, and every scene is measured
//! by the same code ([`layout::Measures`]). An engine that is not installed, fails or takes more than a minute has no
//! figures. Arguments choose rows: `50` or `shop`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod diagrams;
mod dot;
mod elkjs;
mod graphs;
mod run;
mod snap;

use layout::{LayoutGraph, Measures};
use run::Outcome;
use std::time::{Duration, Instant};

/// How many boxes, and how many graphs of that size.
const SIZES: &[(usize, u64)] = &[(10, 10), (20, 10), (50, 10), (80, 5), (200, 2), (1000, 1)];

type Place = fn(&LayoutGraph) -> Option<(LayoutGraph, Outcome)>;

const ENGINES: &[(&str, Place)] = &[("ours", ours), ("dot", dot::place), ("elkjs", elkjs::place)];

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    println!(
        "| boxes | graphs | engine | crossings | lines through boxes | overlaps | lines on lines | area (Mpx) | length (kpx) | bends | ms |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (boxes, count) in SIZES {
        let name = boxes.to_string();
        if chosen.is_empty() || chosen.contains(&name) {
            let graphs: Vec<LayoutGraph> = (0..*count).map(|seed| graphs::system(*boxes, seed)).collect();
            compare(&name, &graphs);
        }
    }
    for (name, graph) in diagrams::all() {
        if chosen.is_empty() || chosen.contains(&name) {
            compare(&format!("{name} ({})", graph.boxes.len()), &[graph]);
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "others can fail")]
fn ours(graph: &LayoutGraph) -> Option<(LayoutGraph, Outcome)> {
    let start = Instant::now();
    let scene = layout::layout(graph);
    Some((graph.clone(), Outcome { scene, time: start.elapsed() }))
}

/// Prints a row for each engine: the sums over the graphs.
fn compare(name: &str, graphs: &[LayoutGraph]) {
    for (engine, place) in ENGINES {
        let mut sum = Measures::default();
        let mut time = Duration::ZERO;
        let mut failed = 0;
        for graph in graphs {
            let Some((graph, outcome)) = place(graph) else {
                failed += 1;
                continue;
            };
            sum += Measures::of(&graph, &outcome.scene);
            time += outcome.time;
        }
        row(name, graphs.len(), engine, failed, &sum, time);
    }
}

fn row(name: &str, graphs: usize, engine: &str, failed: usize, sum: &Measures, time: Duration) {
    if failed > 0 {
        println!("| {name} | {graphs} | {engine} | failed on {failed} | | | | | | | |");
        return;
    }
    println!(
        "| {name} | {graphs} | {engine} | {} | {} | {} | {} | {:.2} | {:.1} | {} | {:.0} |",
        sum.crossings,
        sum.lines_through_boxes,
        sum.overlaps(),
        sum.lines_on_lines,
        sum.area as f64 / 1e6,
        sum.length as f64 / 1e3,
        sum.bends,
        time.as_secs_f64() * 1e3 / graphs as f64,
    );
}
