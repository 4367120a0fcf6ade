//! Runs each scenario of `suite/**/*.md` as a test; `MDTEST_UPDATE=1` first rewrites what they expect.

#![expect(clippy::print_stderr, reason = "a test harness speaks to the terminal")]

use libtest_mimic::{Arguments, Conclusion, Trial};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite");
    match run(&folder) {
        Ok(conclusion) => conclusion.exit_code(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(folder: &Path) -> Result<Conclusion, mdtest::Error> {
    if std::env::var_os("MDTEST_UPDATE").is_some_and(|v| v == "1") {
        for path in mdtest::update_folder(folder)? {
            eprintln!("updated {}", path.display());
        }
    }
    let mut trials = Vec::new();
    for document in mdtest::load_folder(folder)? {
        for scenario in document.scenarios {
            let name = format!("suite/{}: {}", document.name, scenario.heading);
            trials.push(Trial::test(name, move || scenario.run().map_err(Into::into)));
        }
    }
    Ok(libtest_mimic::run(&Arguments::from_args(), trials))
}
