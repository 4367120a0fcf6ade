//! What every reader of Rust's source asks, before and beside the parser: whether a file is nested too deeply for it
//! ([`too_deep`]), where its Rust begins ([`without_first_line`]), and what is there only for tests ([`only_for_tests`]).

mod conditions;
mod nesting;

pub use conditions::only_for_tests;
pub use nesting::too_deep;

/// The text without what runs a script, `#!/usr/bin/env …`; lines stay where they are.
pub fn without_first_line(text: &str) -> &str {
    let runs = text.starts_with("#!") && !text[2..].trim_start().starts_with('[');
    if runs { text.find('\n').map_or("", |end| &text[end..]) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_for_the_shell_goes() {
        assert_eq!(without_first_line("#!/usr/bin/env run\nfn f() {}"), "\nfn f() {}");
        assert_eq!(without_first_line("#![cfg(test)]\nfn f() {}"), "#![cfg(test)]\nfn f() {}");
        assert_eq!(without_first_line("#!/bin/run"), "");
    }
}
