//! The tables behind `asset!` and `asset_tags!`.

use std::fmt::Write as _;

use kiln_manifest::{Asset, Exposure, LogicalPath, Manifest};

use crate::source::Language;

/// The source file that the application includes, below `OUT_DIR`.
pub(super) const TABLE: &str = "kiln_assets.rs";

/// The macros `asset!` and `asset_tags!`. `asset!("name")` is the URL of an asset, as a literal;
/// `asset_tags!("app.ts")` names scripts and style sheets of a page. An unknown name does not compile.
pub(super) fn table(manifest: &Manifest) -> String {
    asset_macro(manifest) + &tags_macro(manifest)
}

fn asset_macro(manifest: &Manifest) -> String {
    let mut arms = String::new();
    let mut names = String::new();
    for asset in &manifest.assets {
        if let Some(url) = manifest.url_of(asset) {
            // Writing to a string cannot fail.
            let _ = writeln!(arms, "    ({:?}) => {{ {url:?} }};", asset.path.as_str());
            let _ = write!(names, "{:?}, ", asset.path.as_str());
        }
    }
    format!(
        "/// The URL of an asset by its name below `assets/`; scripts are called `.js`.\n\
         macro_rules! asset {{\n\
         {arms}    \
             ($name:expr) => {{{{ const URL: &str = ::kiln::manifest::no_such_asset($name, &[{names}]); URL }}}};\n\
         }}\n"
    )
}

fn tags_macro(manifest: &Manifest) -> String {
    let mut names: Vec<(&str, &LogicalPath)> = Vec::new();
    for asset in manifest.assets.iter().filter(|asset| is_entry(asset)) {
        let sources =
            manifest.sources.iter().filter_map(|source| source.path.as_str().strip_prefix("assets/"));
        names.extend(
            sources.filter(|source| is_source_of(source, &asset.path)).map(|name| (name, &asset.path)),
        );
        if names.iter().all(|(name, _)| *name != asset.path.as_str()) {
            names.push((asset.path.as_str(), &asset.path));
        }
    }
    let list = |texts: Vec<&str>| texts.iter().fold(String::new(), |list, text| format!("{list}{text:?}, "));
    let inputs = list(names.iter().map(|(name, _)| *name).collect());
    let outputs = list(names.iter().map(|(_, path)| path.as_str()).collect());
    format!(
        "/// The scripts and style sheets of a page that the application renders, by their names below `assets/`.\n\
         macro_rules! asset_tags {{\n    \
             ($($name:literal),+ $(,)?) => {{{{\n        \
                 const NAMES: &[&str] = &[$(::kiln::manifest::entry($name, &[{inputs}], &[{outputs}])),+];\n        \
                 ::kiln::assets::AssetTags::of(NAMES)\n    \
             }}}};\n\
         }}\n"
    )
}

fn is_entry(asset: &Asset) -> bool {
    asset.exposure != Exposure::Page && asset.url.is_some() && !asset.preloads.is_empty()
}

/// Whether the script or style sheet `source` becomes the output `path`.
fn is_source_of(source: &str, path: &LogicalPath) -> bool {
    let Some((stem, extension)) = source.rsplit_once('.') else { return false };
    let output = match Language::of_extension(extension) {
        Language::Script => "js",
        Language::Style => "css",
        Language::Page | Language::Partial | Language::StaticFile => return false,
    };
    path.as_str().strip_prefix(stem).and_then(|rest| rest.strip_prefix('.')) == Some(output)
}
