//! Choosing an engine, and surviving one that fails.

use crate::bundle;
use crate::check::Defect;
use crate::column::Column;
use crate::compact;
use crate::component;
use crate::elk::Layered;
use crate::graph::{Direction, LayoutGraph, pixels};
use crate::jogs;
use crate::reroute;
use crate::route;
use crate::scene::{Route, Scene};
use crate::titles;
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

    /// Places a graph from left to right in which every index is valid and no group holds itself; nothing if it cannot.
    /// Of a graph that points down only the titles matter to it: they take room at the left side of groups, not at the top.
    /// The scene may start anywhere; the page's size is set by the caller.
    fn place(&self, graph: &LayoutGraph) -> Option<Scene>;
}

/// How much is tried to make a page better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// All that may help.
    #[default]
    Thorough,
    /// Nothing more where the first draft is clear: lines cross at fewer places than there are boxes.
    Swift,
}

/// Places a graph as well as can be done: layered, or in a grid should that fail. Any graph has a scene.
pub fn layout(graph: &LayoutGraph) -> Scene {
    layout_with(graph, Effort::Thorough, &Nothing)
}

/// The same with the parts that earlier runs kept in `cache`: a part that is as it was is not laid out again.
pub fn layout_with(graph: &LayoutGraph, effort: Effort, cache: &dyn Cache) -> Scene {
    let (sane, kept) = graph.sane();
    let plan = Plan::of(sane.boxes.len(), effort);
    let parts = component::split(&sane).into_par_iter().map(|part| {
        let scene = remembered(&part.graph, &plan, cache);
        (part, scene)
    });
    let mut scene = component::pack(&sane, parts.collect());
    scene.settle(MARGIN);
    spread(graph, scene, &kept)
}

/// The scene of a part: the one that was kept, or else the best.
fn remembered(graph: &LayoutGraph, plan: &Plan, cache: &dyn Cache) -> Scene {
    let key = cache.keeps().then(|| postcard::to_allocvec(graph).ok()).flatten();
    let key = key.map(|bytes| Key::new("scene").with(&bytes).with(format!("{plan:?}").as_bytes()));
    let known = key.as_ref().and_then(|key| postcard::from_bytes(&cache.get(key)?).ok());
    known.unwrap_or_else(|| {
        let scene = directed(graph, plan);
        if let (Some(key), Ok(bytes)) = (&key, postcard::to_allocvec(&scene)) {
            cache.put(key, bytes);
        }
        scene
    })
}

/// The best scene, pointing in the graph's direction.
fn directed(graph: &LayoutGraph, plan: &Plan) -> Scene {
    let any = |graph: &LayoutGraph| best(graph, plan).unwrap_or_else(|| finish(graph, Column::scene(graph)));
    match graph.direction {
        Direction::Right => any(graph),
        Direction::Down => {
            let mut turned = graph.transposed();
            let mut scene = any(&turned);
            let crossed = crossed_titles(&turned, &scene);
            if !crossed.is_empty() {
                for group in crossed {
                    turned.groups[group].apart = true;
                }
                scene = any(&turned);
            }
            scene.transpose();
            scene
        }
    }
}

/// Groups whose titles found no place between the lines.
fn crossed_titles(graph: &LayoutGraph, scene: &Scene) -> Vec<usize> {
    let title = |defect: Defect| match defect {
        Defect::EdgeOverTitle(_, group) => Some(group),
        _ => None,
    };
    scene.defects(graph).into_iter().filter_map(title).collect()
}

/// What is done for each part of a page: nobody studies the details of a page that holds thousands.
#[derive(Debug)]
struct Plan {
    /// What makes drafts that are compared.
    drafts: &'static [Layered],
    /// How many of the best drafts are worked out.
    finished: usize,
    effort: Effort,
}

impl Plan {
    fn of(boxes: usize, effort: Effort) -> Self {
        let (drafts, finished) = match boxes {
            0..=60 => (Layered::ALL, 3),
            61..=100 => (Layered::ALL, 2),
            101..=150 => (&Layered::ALL[..3], 2),
            151..=400 => (Layered::LARGE, 3),
            _ => (Layered::HUGE, 1),
        };
        Self { drafts, finished, effort }
    }

    /// Whether a draft is so clear that others would gain little.
    fn is_enough(&self, graph: &LayoutGraph, scene: &Scene) -> bool {
        let crossings = match self.effort {
            Effort::Thorough => 0,
            Effort::Swift => graph.boxes.len(),
        };
        scene.crossings() <= crossings
    }
}

/// The best layered scene without grave defects, if there is one.
fn best(graph: &LayoutGraph, plan: &Plan) -> Option<Scene> {
    if graph.boxes.is_empty() {
        return None;
    }
    let (first, others) = plan.drafts.split_at(1);
    let mut scored = drafts(graph, first);
    if scored.first().is_none_or(|(_, scene)| !plan.is_enough(graph, scene)) {
        scored.extend(drafts(graph, others));
    }
    // Of equals the first stays first, so that the outcome does not depend on which was ready first.
    scored.sort_by_key(|(cost, _)| *cost);
    scored.truncate(plan.finished);
    let finished: Vec<(i64, Scene)> = scored.into_par_iter().map(|draft| polished(graph, draft)).collect();
    let best = finished.into_iter().min_by_key(|(cost, _)| *cost)?;
    Some(led_anew(graph, best, plan.effort).1)
}

/// What each of these makes of a graph, without what has grave defects, and how unpleasant it is.
fn drafts(graph: &LayoutGraph, engines: &'static [Layered]) -> Vec<(i64, Scene)> {
    let workers: Vec<_> = engines.iter().map(|engine| start(engine, graph)).collect();
    let scenes = workers.into_iter().filter_map(|w| w?.join().ok().flatten());
    scenes.filter_map(|scene| Some((cost(graph, &scene)?, scene))).collect()
}

/// A draft with its lines bundled, everything moved together, and small steps taken out of its lines.
fn polished(graph: &LayoutGraph, draft: (i64, Scene)) -> (i64, Scene) {
    let bundled = improved(graph, draft, |scene| {
        bundle::bundle(graph, scene);
        together(graph, scene);
    });
    improved(graph, bundled, |scene| jogs::straighten(graph, scene))
}

/// A scene with its worst lines led anew.
fn led_anew(graph: &LayoutGraph, scene: (i64, Scene), effort: Effort) -> (i64, Scene) {
    let led = improved(graph, scene, |scene| {
        if reroute::reroute(graph, scene, effort) {
            together(graph, scene);
        }
    });
    improved(graph, led, |scene| jogs::straighten(graph, scene))
}

/// Moves everything together.
fn together(graph: &LayoutGraph, scene: &mut Scene) {
    compact::compact(graph, scene);
    for route in &mut scene.edges {
        route.points = route::simplify(std::mem::take(&mut route.points));
    }
    titles::place(graph, scene);
    scene.settle(0);
}

/// A scene after a change, unless that spoils it.
fn improved(graph: &LayoutGraph, (before, scene): (i64, Scene), change: impl FnOnce(&mut Scene)) -> (i64, Scene) {
    let mut better = scene.clone();
    change(&mut better);
    match cost(graph, &better) {
        Some(after) if after <= before => (after, better),
        _ => (before, scene),
    }
}

/// What is unpleasant about a scene, as a number; nothing when it has grave defects.
fn cost(graph: &LayoutGraph, scene: &Scene) -> Option<i64> {
    let defects = scene.defects(graph);
    if defects.iter().any(Defect::is_grave) {
        return None;
    }
    let area = i64::from(scene.size.width) * i64::from(scene.size.height);
    let counted = 1000 * defects.len() + 200 * scene.crossings() + 12 * scene.bends() + 150 * early_ends(graph, scene);
    Some(i64::from(pixels(counted)) + scene.ink() / 8 + area / 2000)
}

/// How many of the boxes at which the flow ends have others behind them.
fn early_ends(graph: &LayoutGraph, scene: &Scene) -> usize {
    let places = || graph.boxes.iter().zip(&scene.boxes);
    let last = places().filter(|(spec, _)| !spec.end).map(|(_, placed)| placed.shape.right()).max();
    places().filter(|(spec, placed)| spec.end && last.is_some_and(|last| placed.shape.x < last)).count()
}

fn finish(graph: &LayoutGraph, mut scene: Scene) -> Scene {
    titles::place(graph, &mut scene);
    route::place_labels(graph, &mut scene);
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
    use crate::graph::{BoxSpec, EdgeSpec, Size};

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

    #[test]
    fn where_the_flow_ends_is_at_the_far_side() {
        let spec = BoxSpec { size: Size::new(60, 60), ..BoxSpec::default() };
        let edge = |(from, to)| EdgeSpec { from, to, ..EdgeSpec::default() };
        let mut graph = LayoutGraph {
            boxes: vec![spec; 4],
            edges: [(0, 1), (1, 2), (0, 3)].map(edge).to_vec(),
            ..LayoutGraph::default()
        };
        let beside = |graph: &LayoutGraph| {
            let scene = layout(graph);
            (scene.boxes[3].shape.x, scene.boxes[1].shape.x, scene.boxes[2].shape.x)
        };
        let (free, second, _) = beside(&graph);
        assert_eq!(free, second);
        graph.boxes[3].end = true;
        let (end, _, last) = beside(&graph);
        assert_eq!(end, last);
        // What leads on is not at the end, whatever it says.
        graph.boxes[1].end = true;
        let (_, second, last) = beside(&graph);
        assert!(second < last);
    }
}
