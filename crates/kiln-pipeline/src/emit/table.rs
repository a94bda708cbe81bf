//! The table behind `asset!`.

use std::fmt::Write as _;

use kiln_manifest::Manifest;

/// The source file that the application includes, below `OUT_DIR`.
pub(super) const TABLE: &str = "kiln_assets.rs";

/// The macro `asset!`: `asset!("name")` is the URL of an asset, as a literal; an unknown name does not compile.
pub(super) fn table(manifest: &Manifest) -> String {
    let mut arms = String::new();
    let mut names = String::new();
    for asset in &manifest.assets {
        if let Some(url) = &asset.url {
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
