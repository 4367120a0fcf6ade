//! Choosing an engine, and surviving one that fails.

use crate::check::Defect;
use crate::elk::Layered;
use crate::graph::LayoutGraph;
use crate::column::Column;
use crate::route;
use crate::scene::{Route, Scene};
use std::sync::Once;

/// Space between the drawing and the edge of the page.
const MARGIN: i32 = 24;

/// Deep recursion over long chains needs more than a thread usually gets.
const STACK: usize = 256 << 20;

/// The name of the threads whose panics are expected.
const THREAD: &str = "layout-engine";

/// A way to place a graph.
pub trait Engine: Sync {
    /// Stable name, for messages.
    fn name(&self) -> &'static str;

    /// Places a graph in which every index is valid and no group holds itself; nothing if it cannot.
    /// The scene may start anywhere; the page's size is set by the caller.
    fn place(&self, graph: &LayoutGraph) -> Option<Scene>;
}

/// Places a graph as well as can be done: layered, or in a grid should that fail. Any graph has a scene.
pub fn layout(graph: &LayoutGraph) -> Scene {
    let (sane, kept) = graph.sane();
    let placed = best(&sane).unwrap_or_else(|| finish(&sane, Column::scene(&sane)));
    spread(graph, placed, &kept)
}

/// The layered scene with the fewest grave defects, if any is free of them.
fn best(graph: &LayoutGraph) -> Option<Scene> {
    if graph.boxes.is_empty() {
        return None;
    }
    for engine in Layered::ALL {
        let Some(scene) = contained(engine, graph) else { continue };
        let scene = finish(graph, scene);
        if !scene.defects(graph).iter().any(Defect::is_grave) {
            return Some(scene);
        }
    }
    None
}

fn finish(graph: &LayoutGraph, mut scene: Scene) -> Scene {
    route::place_labels(graph, &mut scene);
    scene.settle(MARGIN);
    scene
}

/// Puts the routes back to where their edges stand in a graph that had invalid ones.
fn spread(graph: &LayoutGraph, mut scene: Scene, kept: &[usize]) -> Scene {
    let mut routes = vec![Route::default(); graph.edges.len()];
    for (route, &at) in scene.edges.drain(..).zip(kept) {
        routes[at] = route;
    }
    scene.edges = routes;
    scene
}

/// Runs an engine so that a panic or a deep recursion in it costs no more than its result.
fn contained(engine: &'static dyn Engine, graph: &LayoutGraph) -> Option<Scene> {
    silence_expected_panics();
    let graph = graph.clone();
    let worker = std::thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK);
    worker.spawn(move || engine.place(&graph)).ok()?.join().ok().flatten()
}

/// A panic of an engine is an answer here ("it cannot"), so nobody should see a message about it. The hook
/// hands every other thread's panic to the hook that was there before.
fn silence_expected_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().name() != Some(THREAD) {
                before(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken;

    impl Engine for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }

        fn place(&self, _graph: &LayoutGraph) -> Option<Scene> {
            panic!("an invariant that did not hold")
        }
    }

    #[test]
    fn a_panicking_engine_costs_only_its_result() {
        assert_eq!(contained(&Broken, &LayoutGraph::default()), None);
    }
}
