//! What is to be placed: boxes in nested groups, and edges between boxes. Everything refers by index.
use serde::{Deserialize, Serialize};

/// Width and height in whole pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// From left to right.
    pub width: i32,
    /// From top to bottom.
    pub height: i32,
}

impl Size {
    /// A size of these measures.
    pub const fn new(width: i32, height: i32) -> Self {
        Self { width, height }
    }

    /// Whether there is nothing to see.
    pub const fn is_empty(self) -> bool {
        self.width <= 0 || self.height <= 0
    }
}

/// Which way edges point, as far as that can be had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Direction {
    /// From left to right; captions stand below their boxes.
    #[default]
    Right,
    /// From top to bottom; captions stand to the right of their boxes, so that lines end at the boxes themselves.
    Down,
}

/// A page's content before anything has a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LayoutGraph {
    /// Which way edges point.
    pub direction: Direction,
    /// Frames around boxes and other frames.
    pub groups: Vec<GroupSpec>,
    /// What edges connect.
    pub boxes: Vec<BoxSpec>,
    /// Lines between boxes.
    pub edges: Vec<EdgeSpec>,
}

/// A frame.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GroupSpec {
    /// Index of the frame around it. An index that is missing or leads back to this group counts as none.
    pub parent: Option<usize>,
    /// Room to keep for the title at the top left.
    pub title: Size,
    /// Whether the title has a column of its own where edges point down. Else it stands in the row at the top, between the
    /// lines that enter there.
    pub apart: bool,
}

/// A box with its caption below or to the right, see [`Direction`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BoxSpec {
    /// Index of its group.
    pub group: Option<usize>,
    /// The shape that edges end at.
    pub size: Size,
    /// Text centred under or beside the shape; empty for none.
    pub caption: Size,
    /// Whether the flow starts here: an edge then points back only where it leads to what came before it.
    pub start: bool,
    /// Whether the flow ends here, at the far side of the page, if nothing leads on from it.
    pub end: bool,
    /// Its place among the boxes of its group that have one, from 1; 0 where the edges alone tell it. Those boxes stand in
    /// this order, even if more edges cross.
    pub order: u32,
}

/// An edge between two boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EdgeSpec {
    /// Index of the box it starts at.
    pub from: usize,
    /// Index of the box it ends at.
    pub to: usize,
    /// Room for its label; empty for none.
    pub label: Size,
    /// How much it matters that it points in the page's direction; 0 for not more than usual.
    pub weight: u32,
    /// Edges of one style look the same: those that share an end may then share a stretch of line.
    pub style: u32,
}

impl EdgeSpec {
    /// Whether two edges look the same and share an end, so that they may run on one line.
    pub(crate) const fn is_like(&self, other: &Self) -> bool {
        self.style == other.style && (self.from == other.from || self.to == other.to)
    }
}

impl LayoutGraph {
    /// The same graph without what cannot be placed: edges with an end that is missing, and group
    /// parents that are missing or closed in a cycle. Edges keep their order; the second value says which were kept.
    pub(crate) fn sane(&self) -> (Self, Vec<usize>) {
        let mut graph = self.clone();
        for group in 0..graph.groups.len() {
            if self.loops(group) {
                graph.groups[group].parent = None;
            }
        }
        for each in &mut graph.boxes {
            each.group = each.group.filter(|g| *g < self.groups.len());
        }
        let kept: Vec<usize> = (0..self.edges.len())
            .filter(|e| self.edges[*e].from < self.boxes.len() && self.edges[*e].to < self.boxes.len())
            .collect();
        graph.edges = kept.iter().map(|e| self.edges[*e].clone()).collect();
        (graph, kept)
    }

    /// The same graph with all sizes on their sides. Laid out from left to right and with the scene transposed again, it
    /// points down. Its direction stays, for that tells at which side of a group there is a title.
    pub(crate) fn transposed(&self) -> Self {
        let turned = |size: &mut Size| *size = Size::new(size.height, size.width);
        let mut graph = self.clone();
        graph.groups.iter_mut().for_each(|group| turned(&mut group.title));
        graph.boxes.iter_mut().flat_map(|each| [&mut each.size, &mut each.caption]).for_each(turned);
        graph.edges.iter_mut().for_each(|edge| turned(&mut edge.label));
        graph
    }

    fn loops(&self, group: usize) -> bool {
        let mut at = self.groups[group].parent;
        for _ in 0..=self.groups.len() {
            match at {
                None => return false,
                Some(g) if g >= self.groups.len() => return true,
                Some(g) => at = self.groups[g].parent,
            }
        }
        true
    }

    /// Whether a group is another one or inside of it.
    pub(crate) fn within(&self, inner: Option<usize>, outer: usize) -> bool {
        let mut at = inner;
        while let Some(group) = at {
            if group == outer {
                return true;
            }
            at = self.groups[group].parent;
        }
        false
    }
}

/// A count as a measure.
pub(crate) fn pixels(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
