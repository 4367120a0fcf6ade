//! Commands that start code in a container. From `data/commands.tsv`.

use crate::table::rows;

/// How a command names what it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starts {
    /// A file, or a module behind `-m`.
    Script,
    /// A module and a name in it: `shop.web:app`.
    App,
    /// A module behind `-A` that holds an app.
    Worker,
    /// An app that a variable names, or one that is called as usual.
    Web,
    /// A function of a module, as a function of Lambda names it.
    Handler,
}

/// How the command of this name (`/usr/bin/python3.12` or `python`) names what it starts, and the word without which it
/// starts none of it.
pub fn command(written: &str) -> Option<(Starts, &'static str)> {
    let name = written.rsplit('/').next()?;
    let plain = name.split_once('.').map_or(name, |(plain, version)| {
        if version.chars().all(|c| c.is_ascii_digit() || c == '.') { plain } else { name }
    });
    let [_, how, with] = rows::<3>(include_str!("../data/commands.tsv")).find(|[known, _, _]| *known == plain)?;
    let starts = match how {
        "script" => Starts::Script,
        "app" => Starts::App,
        "worker" => Starts::Worker,
        "web" => Starts::Web,
        _ => Starts::Handler,
    };
    Some((starts, with))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_known_by_path_and_version() {
        assert_eq!(command("/usr/local/bin/python3.12"), Some((Starts::Script, "")));
        assert_eq!(command("celery"), Some((Starts::Worker, "worker")));
        assert_eq!(command("node"), None);
        assert_eq!(command("python.sh"), None);
    }

    #[test]
    fn every_command_is_there_once() {
        crate::table::assert_sorted("commands.tsv", include_str!("../data/commands.tsv"), 1);
        let hows = rows::<3>(include_str!("../data/commands.tsv")).map(|[_, how, _]| how);
        assert!(hows.into_iter().all(|how| matches!(how, "script" | "app" | "worker" | "web" | "handler")));
    }
}
