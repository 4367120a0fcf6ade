//! Draw, edit, change the source, draw again: what people did to a drawing stays, and a bad drawing is left alone.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};
use support::{CODE, TEMPLATE, connectome};

/// A third node, and a flow to it.
const MORE: &str = "  Files: { Type: AWS::S3::Bucket }
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.main
      Environment: { Variables: { JOBS: !Ref Jobs } }
";

struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("template.yaml"), TEMPLATE).unwrap();
        fs::write(dir.path().join("app.py"), CODE).unwrap();
        Self { dir }
    }

    fn drawing(&self) -> PathBuf {
        self.dir.path().join("diagrams/architecture.drawio")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.drawing()).unwrap()
    }

    /// Standard output and error of `connectome draw`, and its exit code.
    fn draw(&self, args: &[&str]) -> (String, String, i32) {
        let always = ["draw", ".", "--format", "drawio", "--name", "shop"];
        connectome(self.dir.path(), &[&always[..], args].concat())
    }

    /// Replaces a part of the drawing.
    fn edit(&self, from: &str, to: &str) {
        let text = self.text();
        assert!(text.contains(from), "no {from} in {text}");
        fs::write(self.drawing(), text.replacen(from, to, 1)).unwrap();
    }

    fn change(&self, template: &str) {
        fs::write(self.dir.path().join("template.yaml"), template).unwrap();
    }

    /// The line of a cell.
    fn cell(&self, id: &str) -> Option<String> {
        self.text().lines().find(|line| line.contains(&format!("id=\"{id}\""))).map(str::to_owned)
    }
}

/// The place that a line of the drawing gives to its cell.
fn place(line: &str) -> String {
    let start = line.find("<mxGeometry").unwrap();
    line[start..].split('>').next().unwrap().to_owned()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const NOTE: &str = "<mxCell id=\"2\" value=\"mine\" style=\"shape=note;\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"2000\" y=\"5\" width=\"80\" height=\"40\" as=\"geometry\"/></mxCell>";

#[test]
fn a_drawing_that_nobody_edited_is_not_written_again() {
    let project = Project::new();
    assert_eq!(project.draw(&[]).2, 0);
    let first = project.text();
    let (out, err, code) = project.draw(&[]);
    assert_eq!((project.text(), code), (first, 0));
    assert!(out.contains("nothing changed") && err.is_empty(), "{out}{err}");
}

#[test]
fn edits_stay_when_the_source_changes() {
    let project = Project::new();
    project.draw(&[]);
    let jobs = project.cell("node:template/Jobs").unwrap();
    let moved =
        jobs.replace(&place(&jobs), "<mxGeometry x=\"900\" y=\"700\" width=\"64\" height=\"64\" as=\"geometry\"/");
    project.edit(&jobs, &moved.replace("fillColor=#", "fillColor=#ABCDEF;was=#"));
    project.edit("</root>", &format!("{NOTE}\n</root>"));
    project.change(&format!("{TEMPLATE}{MORE}"));
    let (_, err, code) = project.draw(&[]);
    assert_eq!(code, 0, "{err}");
    let jobs = project.cell("node:template/Jobs").unwrap();
    assert!(place(&jobs).contains("x=\"900\" y=\"700\"") && jobs.contains("fillColor=#ABCDEF"), "{jobs}");
    assert!(project.text().contains(NOTE));
    assert!(project.cell("node:template/Save").is_some());
    for said in [
        "kept in place: template/Jobs",
        "kept your style of: template/Jobs",
        "kept what you added: mine",
        "new: template/",
    ] {
        assert!(err.contains(said), "{err}");
    }
    let (_, err, _) = project.draw(&["--fresh"]);
    let jobs = project.cell("node:template/Jobs").unwrap();
    assert!(!place(&jobs).contains("x=\"900\"") && project.text().contains(NOTE), "{jobs}{err}");
    assert_eq!(files(project.drawing().parent().unwrap()), ["architecture.drawio"]);
}

/// The picture is the person's while it tells what the source says, and is drawn again when it does not.
#[test]
fn edits_in_a_picture_stay_when_the_source_changes() {
    let project = Project::new();
    let path = project.dir.path().join("diagrams/architecture.drawio.svg");
    let text = || fs::read_to_string(&path).unwrap();
    project.draw(&["--format", "drawio-svg"]);
    let drawn = text();
    // As in the attribute: what the editor would write for a moved box, and a picture of its own.
    let jobs =
        drawn.lines().next().unwrap().split("&#10;").find(|line| line.contains("id=&quot;node:template/Jobs&quot;"));
    let jobs = jobs.unwrap();
    let start = jobs.find("&lt;mxGeometry").unwrap();
    let place = &jobs[start..start + jobs[start..].find("&gt;").unwrap()];
    let moved = "&lt;mxGeometry x=&quot;900&quot; y=&quot;700&quot; width=&quot;64&quot; height=&quot;64&quot; as=&quot;geometry&quot;/";
    let edited = drawn.replacen(place, moved, 1).replacen("<title>", "<desc>by hand</desc><title>", 1);
    fs::write(&path, &edited).unwrap();
    project.draw(&["--format", "drawio-svg"]);
    assert!(text().contains(moved) && text().contains("by hand"));
    project.change(&format!("{TEMPLATE}{MORE}"));
    project.draw(&["--format", "drawio-svg"]);
    let now = text();
    assert!(now.contains(moved) && !now.contains("by hand"), "{now}");
    assert!(now.contains("node:template/Save") && now.contains("<title>Save"), "{now}");
}

#[test]
fn a_deletion_is_remembered_until_it_is_asked_for() {
    let project = Project::new();
    project.draw(&[]);
    let jobs = project.cell("node:template/Jobs").unwrap();
    let flow = project.cell("flow:template/Enqueue:template/Jobs").unwrap();
    project.edit(&format!("{jobs}\n"), "");
    project.edit(&format!("{flow}\n"), "");
    let (_, err, _) = project.draw(&[]);
    assert!(project.cell("node:template/Jobs").is_none() && err.contains("--show-hidden"), "{err}");
    project.draw(&[]);
    assert!(project.cell("node:template/Jobs").is_none());
    project.draw(&["--show-hidden"]);
    assert!(
        project.cell("node:template/Jobs").is_some() && project.cell("flow:template/Enqueue:template/Jobs").is_some()
    );
}

#[test]
fn what_people_arranged_is_no_difference() {
    let project = Project::new();
    project.draw(&[]);
    let jobs = project.cell("node:template/Jobs").unwrap();
    project.edit(
        &jobs,
        &jobs.replace(&place(&jobs), "<mxGeometry x=\"900\" y=\"700\" width=\"64\" height=\"64\" as=\"geometry\"/"),
    );
    project.edit("</root>", &format!("{NOTE}\n</root>"));
    let edited = project.text();
    let check = || {
        let mut command = Command::cargo_bin("connectome").unwrap();
        let args = ["check", project.dir.path().to_str().unwrap(), "--format", "drawio", "--name", "shop"];
        command.args(args).env("CONNECTOME_CACHE", env!("CARGO_TARGET_TMPDIR")).output().unwrap().status.code()
    };
    assert_eq!(check(), Some(0));
    project.draw(&[]);
    assert_eq!(check(), Some(0));
    project.change(&format!("{TEMPLATE}{MORE}"));
    assert_eq!(check(), Some(1));
    project.change(TEMPLATE);
    fs::write(
        project.drawing(),
        edited.replace(">Lambda function<", ">Something<").replace("Lambda function&lt;", "Other&lt;"),
    )
    .unwrap();
    assert_eq!(check(), Some(0), "words that a person changed are theirs");
}

#[test]
fn nothing_to_draw_leaves_a_drawing_alone() {
    let project = Project::new();
    project.draw(&[]);
    let before = project.text();
    let (_, err, code) = project.draw(&["--exclude", "*.yaml"]);
    assert_eq!((code, project.text()), (2, before));
    assert!(err.contains("nothing-found") && err.contains("left as it is"), "{err}");
    let (_, _, code) = project.draw(&["--exclude", "*.yaml", "--fresh"]);
    assert_eq!((code, project.text().contains("Jobs")), (0, false));
    // An empty drawing has nothing to lose.
    let (_, _, code) = project.draw(&["--exclude", "*.yaml"]);
    assert_eq!(code, 0);
}

#[test]
fn a_bad_drawing_is_an_error_and_left_alone() {
    let project = Project::new();
    project.draw(&[]);
    let good = project.text();
    let cell = "<mxCell id=\"2\" vertex=\"1\" parent=\"1\"/>";
    let bad = [
        ("not well-formed", "no drawing".to_owned()),
        ("truncated", good[..good.len() - 40].to_owned()),
        ("twice", good.replacen("</root>", &format!("{cell}{cell}</root>"), 1)),
        ("conflict", good.replacen("<root>", "<root>\n<<<<<<< HEAD\n", 1)),
        ("entity", format!("<!DOCTYPE mxfile [<!ENTITY a \"b\">]>{good}")),
        ("newer", good.replacen("<mxfile ", "<mxfile version=\"99.0.0\" ", 1)),
    ];
    for (says, text) in bad {
        fs::write(project.drawing(), &text).unwrap();
        let (out, err, code) = project.draw(&[]);
        assert_eq!(code, 2, "{says}: {out}{err}");
        assert!(err.contains("architecture.drawio") && err.contains("left as it is") && err.contains(says), "{err}");
        assert_eq!(project.text(), text, "{says}");
    }
    assert_eq!(files(project.drawing().parent().unwrap()), ["architecture.drawio"]);
}
