//! Boxes that no edge touches: set in rows of their own at the foot of their group, out of the way of the flow.

use crate::graph::{LayoutGraph, Size, pixels};
use crate::scene::{PlacedBox, Rect, Scene};

/// Space between boxes set aside, and between them and the flow above.
const GAP: i32 = 28;
/// Space between a box and its caption.
const CAPTION_GAP: i32 = 4;

/// The boxes set aside, by group; the last entry is the page itself.
pub(crate) struct Aside {
    alone: Vec<bool>,
    blocks: Vec<Block>,
}

#[derive(Clone, Default)]
struct Block {
    boxes: Vec<usize>,
    columns: usize,
    cell: Size,
    rows: usize,
}

impl Aside {
    /// Finds them.
    pub(crate) fn of(graph: &LayoutGraph) -> Self {
        let mut alone = vec![true; graph.boxes.len()];
        for edge in &graph.edges {
            alone[edge.from] = false;
            alone[edge.to] = false;
        }
        let mut blocks = vec![Block::default(); graph.groups.len() + 1];
        for (i, spec) in graph.boxes.iter().enumerate().filter(|(i, _)| alone[*i]) {
            let block = &mut blocks[spec.group.unwrap_or(graph.groups.len())];
            block.boxes.push(i);
            let size = full(graph, i);
            block.cell = Size::new(block.cell.width.max(size.width), block.cell.height.max(size.height));
        }
        for block in &mut blocks {
            // Wider than high, as a row of afterthoughts would be.
            block.shape_to((block.boxes.len() * 3).isqrt().max(2));
        }
        Self { alone, blocks }
    }

    /// Whether a box is set aside.
    pub(crate) fn has(&self, index: usize) -> bool {
        self.alone[index]
    }

    /// The room to keep at the foot of a group.
    pub(crate) fn room(&self, group: usize) -> Size {
        self.blocks[group].room()
    }

    /// Places them: at the foot of their groups, each with its room at the left, and under everything else on the page.
    pub(crate) fn place(mut self, graph: &LayoutGraph, scene: &mut Scene, left: impl Fn(usize) -> i32, padding: i32) {
        let last = self.blocks.len() - 1;
        for (g, block) in self.blocks[..last].iter().enumerate() {
            let frame = scene.groups[g];
            block.place(graph, scene, frame.x + left(g), frame.bottom() - padding - block.room().height);
        }
        let placed = scene.boxes.iter().zip(&self.alone).filter(|(_, alone)| !**alone).map(|(b, _)| b);
        let rects: Vec<Rect> = placed
            .flat_map(|b| [b.shape, b.caption])
            .filter(|r| r.width > 0)
            .chain(scene.groups.iter().copied())
            .collect();
        let points = || scene.edges.iter().flat_map(|e| &e.points);
        let labels = || scene.edges.iter().filter_map(|e| e.label);
        let left = rects.iter().map(|r| r.x).chain(points().map(|p| p.x)).min().unwrap_or(0);
        let right = rects.iter().map(Rect::right).chain(points().map(|p| p.x)).max().unwrap_or(800);
        let bottom =
            rects.iter().map(Rect::bottom).chain(points().map(|p| p.y)).chain(labels().map(|l| l.bottom())).max();
        let page = &mut self.blocks[last];
        if page.boxes.is_empty() {
            return;
        }
        let fitting = (right - left + GAP) / (page.cell.width + GAP);
        page.shape_to(usize::try_from(fitting).unwrap_or(0).max(page.columns));
        page.place(graph, scene, left, bottom.map_or(0, |b| b + GAP));
    }
}

impl Block {
    fn shape_to(&mut self, columns: usize) {
        self.columns = columns.max(1);
        self.rows = self.boxes.len().div_ceil(self.columns);
    }

    fn room(&self) -> Size {
        if self.boxes.is_empty() {
            return Size::default();
        }
        let (columns, rows) = (pixels(self.columns.min(self.boxes.len())), pixels(self.rows));
        Size::new(columns * (self.cell.width + GAP) - GAP, rows * (self.cell.height + GAP) - GAP)
    }

    fn place(&self, graph: &LayoutGraph, scene: &mut Scene, left: i32, top: i32) {
        for (at, &i) in self.boxes.iter().enumerate() {
            let (column, row) = (pixels(at % self.columns), pixels(at / self.columns));
            let centre = left + column * (self.cell.width + GAP) + self.cell.width / 2;
            let spec = &graph.boxes[i];
            let y = top + row * (self.cell.height + GAP);
            let shape = Rect::new(centre - spec.size.width / 2, y, spec.size);
            let caption = Rect::new(centre - spec.caption.width / 2, shape.bottom() + CAPTION_GAP, spec.caption);
            let caption = if spec.caption.is_empty() { Rect::default() } else { caption };
            scene.boxes[i] = PlacedBox { shape, caption };
        }
    }
}

/// A box with its caption.
fn full(graph: &LayoutGraph, index: usize) -> Size {
    let spec = &graph.boxes[index];
    let below = if spec.caption.is_empty() { 0 } else { CAPTION_GAP + spec.caption.height };
    Size::new(spec.size.width.max(spec.caption.width), spec.size.height + below)
}
