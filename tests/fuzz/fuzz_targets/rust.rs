#![no_main]

use fuzzing::Target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| Target::Rust.check(bytes));
