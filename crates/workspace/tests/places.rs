//! Where modules say that they are.

use facts::MemorySources;
use workspace::{Options, read};

#[test]
fn a_module_of_two_files_is_declared_in_both() {
    let files = [
        ("Cargo.toml", "[package]\nname = \"app\"\nedition = \"2021\"\n"),
        (
            "src/lib.rs",
            "#[cfg(unix)]\n#[path = \"unix.rs\"]\nmod imp;\n#[cfg(windows)]\n#[path = \"windows.rs\"]\nmod imp;\nmod other;",
        ),
        ("src/unix.rs", ""),
        ("src/windows.rs", "use crate::other::f;"),
        ("src/other.rs", "pub fn f() {}"),
    ];
    let model = read(&MemorySources::new(files), &Options::default()).model;
    let imp = model.nodes.iter().find(|node| node.id == "app/imp").expect("the module is drawn");
    let files: Vec<&str> = imp.declared.iter().map(|at| at.file.as_str()).collect();
    assert_eq!(files, ["src/unix.rs", "src/windows.rs"]);
}
