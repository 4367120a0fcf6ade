//! Any graph gets a scene that misleads nobody, and the same one each time.

use layout::{BoxSpec, Column, Defect, Direction, EdgeSpec, Engine, GroupSpec, LayoutGraph, Size, layout};
use proptest::prelude::*;

fn graphs(most: usize) -> impl Strategy<Value = LayoutGraph> {
    let group = (0..12_usize, 0..160_i32).prop_map(|(parent, width)| (parent, Size::new(width, 20)));
    let boxes = (0..10_usize, 20..160_i32, 0..3_i32);
    let edge = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..90_i32, 0..3_u32);
    let parts = (
        prop::collection::vec(group, 0..6),
        prop::collection::vec(boxes, 0..most),
        prop::collection::vec(edge, 0..most * 3 / 2),
        prop::sample::select(vec![Direction::Right, Direction::Down]),
    );
    parts.prop_map(|(groups, boxes, edges, direction)| {
        // A parent is an earlier group, so groups nest without cycles.
        let specs = groups.iter().enumerate();
        let specs = specs.map(|(i, (parent, title))| GroupSpec {
            parent: Some(*parent).filter(|p| *p < i),
            title: *title,
            apart: false,
        });
        let groups: Vec<GroupSpec> = specs.collect();
        let boxes: Vec<BoxSpec> = boxes
            .iter()
            .map(|(group, width, lines)| BoxSpec {
                group: Some(*group).filter(|g| *g < groups.len()),
                size: Size::new(64, 64),
                caption: if *lines == 0 { Size::default() } else { Size::new(*width, 16 * lines) },
                ..BoxSpec::default()
            })
            .collect();
        let edges = if boxes.is_empty() { Vec::new() } else { edges };
        let mut seen = std::collections::BTreeSet::new();
        let edges = edges
            .iter()
            .filter(|(from, to, _, style)| {
                let (from, to) = (from.index(boxes.len()), to.index(boxes.len()));
                // A box calls itself in one way; others are connected in several.
                seen.insert((from, to, if from == to { 0 } else { *style }))
            })
            .map(|(from, to, label, style)| EdgeSpec {
                from: from.index(boxes.len()),
                to: to.index(boxes.len()),
                label: if *label < 30 { Size::default() } else { Size::new(*label, 14) },
                weight: 3 - *style,
                style: *style,
            })
            .collect();
        LayoutGraph { direction, groups, boxes, edges }
    })
}

fn grave(graph: &LayoutGraph, defects: &[Defect]) -> Vec<Defect> {
    assert!(graph.boxes.len() < 100);
    defects.iter().copied().filter(Defect::is_grave).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_scene_misleads(graph in graphs(60)) {
        let scene = layout(&graph);
        let defects = scene.defects(&graph);
        prop_assert_eq!(defects, vec![]);
    }

    #[test]
    fn the_last_resort_is_always_valid(graph in graphs(40)) {
        let scene = Column.place(&graph).expect("a column can hold anything");
        prop_assert_eq!(grave(&graph, &scene.defects(&graph)), vec![]);
    }

    #[test]
    fn the_same_graph_gives_the_same_scene(graph in graphs(12)) {
        prop_assert_eq!(layout(&graph), layout(&graph));
    }
}

#[test]
fn edges_point_in_the_direction_that_is_asked_for() {
    let spec = |group| BoxSpec { group, size: Size::new(64, 64), caption: Size::new(100, 30), ..BoxSpec::default() };
    let edge = |from| EdgeSpec { from, to: from + 1, label: Size::new(50, 14), ..EdgeSpec::default() };
    let mut graph = LayoutGraph {
        groups: vec![GroupSpec { title: Size::new(150, 28), ..GroupSpec::default() }],
        boxes: [None, Some(0), Some(0), None].map(spec).to_vec(),
        edges: (0..3).map(edge).collect(),
        ..LayoutGraph::default()
    };
    let right = layout(&graph);
    assert!(right.boxes.windows(2).all(|pair| pair[0].shape.right() < pair[1].shape.x));
    assert!(right.boxes.iter().all(|b| b.shape.bottom() < b.caption.y && b.caption.width == 100));
    graph.direction = Direction::Down;
    let down = layout(&graph);
    assert!(down.boxes.windows(2).all(|pair| pair[0].shape.bottom() < pair[1].shape.y));
    assert!(down.boxes.iter().all(|b| b.shape.right() < b.caption.x && b.caption.width == 100));
    let above = down.boxes[1].shape.y - down.groups[0].y;
    assert!(above < 60, "the title stands beside what is in the group, and not above it: {above}");
}
