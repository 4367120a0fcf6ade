//! Places things on a page: a graph of boxes in nested groups goes in, a [`Scene`] of whole pixels comes out.
//!
//! It knows sizes and who is connected with whom, and nothing of what the boxes mean. The same graph gives the same
//! scene on every machine. Layout is done by an [`Engine`]; [`layout`] takes the layered one and falls back to a plain
//! column that always works. [`Scene::defects`] says what a careful person would object to.

mod aside;
mod bundle;
mod check;
mod column;
mod compact;
mod component;
mod elk;
mod engine;
mod flow;
mod graph;
mod grid;
mod jogs;
mod joints;
mod measure;
mod reroute;
mod route;
mod scene;
mod search;
mod simplex;
mod titles;
mod tracks;

pub use check::Defect;
pub use column::Column;
pub use elk::Layered;
pub use engine::{Effort, Engine, layout, layout_with};
pub use graph::{BoxSpec, Direction, EdgeSpec, GroupSpec, LayoutGraph, Size};
pub use measure::Measures;
pub use scene::{PlacedBox, Point, Rect, Route, Scene};
