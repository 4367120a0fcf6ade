//! Choosing an engine, and surviving one that fails.

use crate::check::Defect;
use crate::column::Column;
use crate::compact;
use crate::component;
use crate::elk::Layered;
use crate::graph::{LayoutGraph, pixels};
use crate::route;
use crate::scene::{Route, Scene};
use cache::{Cache, Key, Nothing};
use rayon::prelude::*;
use std::sync::Once;
use std::thread::JoinHandle;

/// Space between the drawing and the edge of the page.
const MARGIN: i32 = 24;

/// Deep recursion over long chains needs more than a thread usually gets.
const STACK: usize = 64 << 20;

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
    layout_with(graph, &Nothing)
}

/// The same with the parts that earlier runs kept in `cache`: a part that is as it was is not laid out again.
pub fn layout_with(graph: &LayoutGraph, cache: &dyn Cache) -> Scene {
    let (sane, kept) = graph.sane();
    let attempts = attempts(sane.boxes.len());
    let parts = component::split(&sane).into_par_iter().map(|part| {
        let scene = remembered(&part.graph, attempts, cache);
        (part, scene)
    });
    let mut scene = component::pack(&sane, parts.collect());
    scene.settle(MARGIN);
    spread(graph, scene, &kept)
}

/// Above this many boxes a quicker engine is taken.
const LARGE: usize = 150;

/// The scene of a part: the one that was kept, or else the best.
fn remembered(graph: &LayoutGraph, attempts: usize, cache: &dyn Cache) -> Scene {
    let key = cache.keeps().then(|| postcard::to_allocvec(graph).ok()).flatten();
    let key = key.map(|bytes| Key::new("scene").with(&bytes).with(&attempts.to_le_bytes()));
    let known = key.as_ref().and_then(|key| postcard::from_bytes(&cache.get(key)?).ok());
    known.unwrap_or_else(|| {
        let scene = best(graph, attempts).unwrap_or_else(|| finish(graph, Column::scene(graph)));
        if let (Some(key), Ok(bytes)) = (&key, postcard::to_allocvec(&scene)) {
            cache.put(key, bytes);
        }
        scene
    })
}

/// How many layouts are compared for each part of a page with so many boxes: nobody studies the details of a page
/// that holds thousands, and each layout costs the same.
fn attempts(boxes: usize) -> usize {
    match boxes {
        0..=300 => Layered::ALL.len(),
        301..=1500 => 2,
        _ => 1,
    }
}

/// The best layered scene without grave defects, if there is one.
fn best(graph: &LayoutGraph, attempts: usize) -> Option<Scene> {
    if graph.boxes.is_empty() {
        return None;
    }
    let all = if graph.boxes.len() > LARGE { Layered::LARGE } else { Layered::ALL };
    // Without edges one is as good as another.
    let at_once = if graph.edges.is_empty() { 1 } else { attempts.min(all.len()) };
    for engines in all.chunks(at_once) {
        let workers: Vec<_> = engines.iter().map(|engine| start(engine, graph)).collect();
        let scenes = workers.into_iter().filter_map(|w| w?.join().ok().flatten());
        let scored = scenes.filter_map(|scene| Some((cost(graph, &scene, at_once > 1)?, scene)));
        // Of equals the first, so that the outcome does not depend on which was ready first.
        if let Some((_, scene)) = scored.min_by_key(|(cost, _)| *cost) {
            return Some(scene);
        }
    }
    None
}

/// What is unpleasant about a scene, as a number that is only worked out where it is `compared` with others; nothing
/// when the scene has grave defects.
fn cost(graph: &LayoutGraph, scene: &Scene, compared: bool) -> Option<i64> {
    let defects = scene.defects(graph);
    if defects.iter().any(Defect::is_grave) {
        return None;
    }
    if !compared {
        return Some(0);
    }
    let area = i64::from(scene.size.width) * i64::from(scene.size.height);
    let counted = 150 * defects.len() + 120 * scene.crossings() + 12 * scene.bends();
    Some(i64::from(pixels(counted)) + scene.ink() / 8 + area / 2000)
}

fn finish(graph: &LayoutGraph, mut scene: Scene) -> Scene {
    route::place_labels(graph, &mut scene);
    if std::env::var("NOCOMPACT").is_err() {
        let before = scene.crossings();
        let t = std::time::Instant::now();
        let mut closer = scene.clone();
        compact::compact(graph, &mut closer);
        for route in &mut closer.edges {
            route.points = route::simplify(std::mem::take(&mut route.points));
        }
        closer.settle(0);
        let defects = closer.defects(graph);
        if defects.is_empty() && closer.crossings() <= before {
            scene = closer;
        } else { eprintln!("{} {} {:?}", closer.crossings(), before, defects); }
        if std::env::var("TIMES").is_ok() { eprintln!("compact {:?}", t.elapsed()); }
    }
    scene.settle(0);
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

/// Runs an engine on a thread of its own, so that a panic or a deep recursion costs no more than its result.
fn start(engine: &'static dyn Engine, graph: &LayoutGraph) -> Option<JoinHandle<Option<Scene>>> {
    silence_expected_panics();
    let graph = graph.clone();
    let worker = std::thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK);
    worker.spawn(move || engine.place(&graph).map(|scene| finish(&graph, scene))).ok()
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
        let worker = start(&Broken, &LayoutGraph::default()).expect("a thread can be had");
        assert!(worker.join().is_err());
    }
}
