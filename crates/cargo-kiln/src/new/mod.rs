//! `cargo kiln new`: writes a project that builds, runs and passes its own tests.

mod crates;

mod name;

use std::{
    fs,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};
use miette::{IntoDiagnostic, Result, WrapErr, bail};

use self::{crates::Crates, name::Name};

static FULL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/full");
static LIGHT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/light");

/// Suffix of templates that cargo, git or rustfmt would take for files of their own.
const SUFFIX: &str = ".template";

/// Flags of `cargo kiln new`.
#[derive(Debug, clap::Args)]
pub struct NewFlags {
    /// Name of the package, and of the folder to write below this one
    name: Name,
    /// Plain files without a front-end toolchain: no npm, no Tailwind, no bundler, no database
    #[arg(long)]
    light: bool,
    /// Folder of Kiln's own sources, which the project names relative to itself; default: the published crates in the
    /// version of this command
    #[arg(long, value_name = "FOLDER")]
    kiln_path: Option<PathBuf>,
}

/// Writes the project.
///
/// # Errors
/// When the folder exists, Kiln's sources are not found, or a file cannot be written.
pub fn new(flags: &NewFlags) -> Result<()> {
    let root = PathBuf::from(flags.name.as_str());
    write(&root, flags)?;
    let run = if flags.light {
        "cargo run"
    } else {
        "cargo run        (npm downloads packages at the first build)"
    };
    println!(
        "created `{}`; next:\n\n  cd {}\n  {run}\n  cargo kiln dev   (in a second terminal)",
        flags.name,
        root.display()
    );
    Ok(())
}

fn write(root: &Path, flags: &NewFlags) -> Result<()> {
    let crates = Crates::new(flags.kiln_path.as_deref(), root)?;
    if root.symlink_metadata().is_ok() {
        bail!(help = "choose another name, or move the folder away", "`{}` already exists", root.display());
    }
    let template = if flags.light { &LIGHT } else { &FULL };
    write_folder(template, root, &|text| {
        crates
            .fill(text)
            .replace("{{name}}", flags.name.as_str())
            .replace("{{crate}}", &flags.name.crate_name())
    })
}

fn write_folder(template: &Dir<'_>, root: &Path, fill: &dyn Fn(&str) -> String) -> Result<()> {
    fs::create_dir_all(root)
        .into_diagnostic()
        .wrap_err_with(|| format!("could not create `{}`", root.display()))?;
    for file in template.files() {
        let name = file.path().file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = match name.strip_suffix(SUFFIX).unwrap_or(name) {
            "gitignore" => ".gitignore",
            name => name,
        };
        let path = root.join(name);
        let written = match file.contents_utf8() {
            Some(text) => fs::write(&path, fill(text)),
            None => fs::write(&path, file.contents()),
        };
        written.into_diagnostic().wrap_err_with(|| format!("could not write `{}`", path.display()))?;
    }
    for folder in template.dirs() {
        write_folder(folder, &root.join(folder.path().file_name().unwrap_or_default()), fill)?;
    }
    Ok(())
}
