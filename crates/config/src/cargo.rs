//! Binaries that Cargo builds: which one the recipe of a build or an image puts in place.

/// The binary that the commands of a build put in place, or that they let Cargo build.
pub(crate) fn built_by<'t>(commands: impl Iterator<Item = &'t str>) -> Option<String> {
    let commands: Vec<&str> = commands.flat_map(|line| line.split("&&")).collect();
    let placed = commands.iter().find_map(|command| {
        let mut words = command.split_whitespace().map(|word| word.trim_start_matches('@'));
        let program = words.next()?;
        matches!(program, "cp" | "mv" | "install" | "zip").then(|| words.find_map(binary_at)).flatten()
    });
    placed.or_else(|| commands.iter().find_map(|command| asked_for(command)))
}

/// The binary at a path of Cargo's own folder: `target/release/save`, `target/lambda/save/bootstrap`.
pub(crate) fn binary_at(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.trim_matches(['"', '\'']).split('/').collect();
    let inside = &parts[parts.iter().position(|part| *part == "target")? + 1..];
    let name = match inside {
        ["lambda", name, ..] => name.strip_suffix(".zip").unwrap_or(name),
        [.., "release" | "debug", name] => name,
        _ => return None,
    };
    is_name(name).then(|| name.to_owned())
}

/// `cargo build --bin save`, `cargo lambda build -p save`.
fn asked_for(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let at = words.iter().position(|word| word.trim_start_matches('@') == "cargo")?;
    let words = &words[at..];
    if !words.iter().any(|word| matches!(*word, "build" | "zigbuild")) {
        return None;
    }
    let given = |option: &str| {
        let next = words.iter().position(|word| *word == option).and_then(|at| words.get(at + 1).copied());
        let joined = || words.iter().find_map(|word| word.strip_prefix(option)?.strip_prefix('='));
        next.or_else(joined).filter(|name| is_name(name)).map(str::to_owned)
    };
    ["--bin", "-p", "--package"].into_iter().find_map(given)
}

/// Whether it is a name, and nothing that only a shell or `make` knows.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_binaries() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(built_by(text.lines()).as_deref(), expected, "{text}");
        };
        check("\tcargo lambda build --bin save --release", Some("save"));
        check("\tcargo build --release --bin=save && cp a b", Some("save"));
        check(
            "\tcargo build -p shop\n\tcp ./target/x86_64-unknown-linux-musl/release/save $(ARTIFACTS_DIR)/bootstrap",
            Some("save"),
        );
        check("\t@cp target/lambda/save/bootstrap $(ARTIFACTS_DIR)", Some("save"));
        check("\tcp target/lambda/$(NAME)/bootstrap $(ARTIFACTS_DIR)", None);
        check("\tcargo build --release\n\tcp target/release/deps/x.d $(ARTIFACTS_DIR)", None);
        check("\tcargo test --bin save", None);
        check("\tcp -r src/. $(ARTIFACTS_DIR)", None);
    }
}
