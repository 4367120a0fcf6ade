//! `cargo bench`: what the stages cost, on one generated repository a size, in one run.
fn main() {}
