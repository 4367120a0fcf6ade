//! Tests of the whole program; see `README.md` beside this file.
