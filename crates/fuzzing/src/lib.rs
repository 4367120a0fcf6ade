//! Feeds the program whatever bytes come and checks what must hold of any input.
//!
//! In go bytes, out comes nothing, or a panic that says which invariant does not hold. The two [`Target`]s are used by
//! libFuzzer (`tests/fuzz`, by hand) and by a short run over what a [`Mutator`] makes of [`corpus`] entries, which is an ordinary test.
//! Development only. Start at [`Target::check`].

pub mod bundle;
pub mod corpus;
mod mutate;
mod targets;

pub use mutate::Mutator;
pub use targets::Target;
