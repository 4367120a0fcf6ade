//! What the CDK writes into the templates that it makes: readable names, where the code is, helpers of its own.

use crate::paths;
use crate::template::{Declared, Template};
use crate::tree::Tree;
use facts::{ConfigFrontend, Declarations, Diagnostic, SourceFile, Sources};
use std::sync::Arc;

/// Apps whose templates are yet to be made.
#[derive(Debug)]
pub(crate) struct App;

impl ConfigFrontend for App {
    fn name(&self) -> &'static str {
        "cdk"
    }

    fn wants(&self, path: &str) -> bool {
        path == "cdk.json" || path.ends_with("/cdk.json")
    }

    /// Says so where an app has no template in the folder that it writes them to.
    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        let Some(tree) = crate::tree::read(file, &mut Vec::new()) else { return };
        let Some(app) = tree.get("app") else { return };
        let output = tree.get("output").and_then(Tree::text).unwrap_or("cdk.out");
        let made = paths::resolve(&file.path, output).map(|folder| sources.below(&folder)).unwrap_or_default();
        if made.iter().any(|path| path.ends_with(".template.json")) {
            return;
        }
        let message =
            "the stacks of a CDK app are read once they are synthesised, and none of this one are in the scan";
        let note = Diagnostic::note("cdk-not-synthesised", app.place.clone(), message);
        out.diagnostics.push(note.with_hint(format!("run `cdk synth`, and leave `{output}` in what is scanned")));
    }
}

/// What people call a resource: its place among the constructs, without the stack's name and without the last word
/// that the CDK itself adds.
pub(crate) fn title(resource: &Tree) -> Option<Arc<str>> {
    let path = resource.at(&["Metadata", "aws:cdk:path"])?.text()?;
    let (_, within) = path.split_once('/')?;
    let own = within.strip_suffix("/Resource").or_else(|| within.strip_suffix("/Default")).unwrap_or(within);
    (!own.is_empty() && own != "Resource" && own != "Default").then(|| own.into())
}

/// Whether a file is in a folder that the CDK copied to be deployed.
pub(crate) fn is_asset(path: &str) -> bool {
    path.split_once("cdk.out/").is_some_and(|(_, within)| within.split('/').any(|part| part.starts_with("asset.")))
}

/// Whether a resource is one that the CDK needs for itself: a function that empties a bucket, for one.
pub(crate) fn is_helper(declared: &Declared<'_>) -> bool {
    catalog::is_cdk_helper(declared.id)
}

/// The folder of a function's code: what the template's metadata says, or what the list of assets says of the key.
pub(crate) fn code(template: &Template<'_>, declared: &Declared<'_>) -> Option<String> {
    let told = declared.tree.at(&["Metadata", "aws:asset:path"]).and_then(Tree::text);
    let key = declared.property(&["Code", "S3Key"]).or_else(|| declared.property(&["Content", "S3Key"]));
    let key = key.and_then(Tree::text);
    let hash = key.map(|key| key.rsplit('/').next().unwrap_or(key)).and_then(|name| name.split('.').next());
    let listed = || hash.and_then(|hash| source(template, hash));
    let usual = || hash.map(|hash| format!("asset.{hash}"));
    let exists = |written: String| {
        let path = paths::resolve(&template.file.path, &written)?;
        template.sources.is_dir(&path).then_some(path)
    };
    told.map(str::to_owned).and_then(exists).or_else(|| listed().and_then(exists)).or_else(|| usual().and_then(exists))
}

/// Where the list of assets beside the template says that an asset is from.
fn source(template: &Template<'_>, hash: &str) -> Option<String> {
    let (stem, _) = template.file.path.split_once(".template.json")?;
    let list = template.sources.read(&format!("{stem}.assets.json")).ok()?;
    let tree = crate::tree::read(&SourceFile::new(list.path.clone(), list.text.clone()), &mut Vec::new())?;
    tree.at(&["files", hash, "source", "path"])?.text().map(str::to_owned)
}

/// The template of a nested stack, by its metadata.
pub(crate) fn nested(template: &Template<'_>, declared: &Declared<'_>) -> Option<String> {
    let told = declared.tree.at(&["Metadata", "aws:asset:path"])?.text()?;
    paths::resolve(&template.file.path, told).filter(|path| template.sources.is_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        let check = |path: &str, expected: Option<&str>| {
            let text = format!("Metadata: {{'aws:cdk:path': '{path}'}}");
            let tree = crate::tree::read(&SourceFile::new("t.yaml", text), &mut Vec::new()).unwrap();
            assert_eq!(title(&tree).as_deref(), expected, "{path}");
        };
        check("Shop/Orders/Resource", Some("Orders"));
        check("Shop/Api/Handler/Resource", Some("Api/Handler"));
        check("Shop/Api/Default", Some("Api"));
        check("Shop/Resource", None);
        check("Shop", None);
    }
}
