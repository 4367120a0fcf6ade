//! The files of a folder: discovered once, read when asked for.
//!
//! In goes the path of a folder, out comes a [`Folder`], which is a [`facts::Sources`]: sorted relative paths
//! and their text. The walk respects `.gitignore` (in a folder without git too), leaves out what is
//! installed or built rather than written, and names nothing outside of the folder, wherever symbolic links
//! point. What a file means is unknown here. With `cli` the only crate that touches the disk.

mod decode;
mod folder;
mod links;
mod skip;
mod walk;

pub use folder::{Error, Folder, Options};
