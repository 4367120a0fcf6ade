//! Figures of a scene, to compare engines by. Whoever made the scene, it is measured by the same code.

use crate::check::Defect;
use crate::graph::LayoutGraph;
use crate::scene::Scene;
use std::ops::AddAssign;

/// What can be counted about a scene; for all of them less is better. Figures of several scenes can be added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Places at which lines cross.
    pub crossings: usize,
    /// Lines through a box or its caption, each with each.
    pub lines_through_boxes: usize,
    /// Pairs of lines that run on each other although they look different or have no end in common.
    pub lines_on_lines: usize,
    /// Boxes and groups over others, or out of their groups.
    pub boxes_over_boxes: usize,
    /// Labels and titles over anything but lines.
    pub labels_over_things: usize,
    /// Lines under a label or title.
    pub lines_under_labels: usize,
    /// Lines that do not lead from their one box to the other.
    pub lines_off: usize,
    /// Of the page, in pixels.
    pub area: i64,
    /// Of all lines in pixels; a stretch that several share counts once.
    pub length: i64,
    /// Places at which lines bend.
    pub bends: usize,
}

impl Measures {
    /// Measures a scene of a graph.
    pub fn of(graph: &LayoutGraph, scene: &Scene) -> Self {
        let mut found = Self {
            crossings: scene.crossings(),
            area: i64::from(scene.size.width) * i64::from(scene.size.height),
            length: scene.ink(),
            bends: scene.bends(),
            ..Self::default()
        };
        for defect in scene.defects(graph) {
            *match defect {
                Defect::EdgeOverBox(..) | Defect::EdgeOverCaption(..) => &mut found.lines_through_boxes,
                Defect::EdgeOverEdge(..) => &mut found.lines_on_lines,
                Defect::BoxOverBox(..)
                | Defect::GroupOverGroup(..)
                | Defect::BoxOffGroup(..)
                | Defect::GroupOffGroup(..) => &mut found.boxes_over_boxes,
                Defect::BoxOverTitle(..)
                | Defect::LabelOverBox(..)
                | Defect::LabelOverLabel(..)
                | Defect::LabelOverTitle(..) => &mut found.labels_over_things,
                Defect::LabelOverEdge(..) | Defect::EdgeOverTitle(..) => &mut found.lines_under_labels,
                Defect::EdgeOff(..) => &mut found.lines_off,
            } += 1;
        }
        found
    }

    /// Boxes, labels and lines over labels: all that covers something.
    pub const fn overlaps(&self) -> usize {
        self.boxes_over_boxes + self.labels_over_things + self.lines_under_labels
    }
}

impl AddAssign for Measures {
    fn add_assign(&mut self, other: Self) {
        self.crossings += other.crossings;
        self.lines_through_boxes += other.lines_through_boxes;
        self.lines_on_lines += other.lines_on_lines;
        self.boxes_over_boxes += other.boxes_over_boxes;
        self.labels_over_things += other.labels_over_things;
        self.lines_under_labels += other.lines_under_labels;
        self.lines_off += other.lines_off;
        self.area += other.area;
        self.length += other.length;
        self.bends += other.bends;
    }
}
