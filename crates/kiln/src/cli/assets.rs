//! `assets ls|cat|verify|export`: what is in the executable.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Subcommand;
use kiln_manifest::{Asset, Coding};

use crate::assets::{Assets, CompareError, ExportError};

/// Shows and checks the assets in the executable.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum AssetsCommand {
    /// Lists every asset with its URL and its sizes in bytes.
    Ls {
        /// Prints all that the manifest says, hashes included: a JSON array, one asset a line.
        #[arg(long)]
        json: bool,
    },
    /// Writes the bytes of one asset to standard output.
    Cat {
        /// Its name, as `ls` prints it.
        name: String,
    },
    /// Hashes every embedded file again and compares with the manifest.
    Verify {
        /// Compares the sources in this package with those of the build, too: the folder with Cargo.toml.
        #[arg(long, value_name = "DIR")]
        source: Option<PathBuf>,
    },
    /// Writes every embedded file and the manifest into a folder.
    Export {
        /// A folder that is empty or does not exist.
        dir: PathBuf,
    },
}

/// Why a command about assets failed.
#[derive(Debug, thiserror::Error)]
pub enum AssetsCommandError {
    /// No asset has this name.
    #[error("no asset is called `{0}`; `assets ls` prints the names")]
    Unknown(String),
    /// Some files are not what the manifest says; each was named in the output.
    #[error("{faults} of {files} embedded files are not what the manifest says; build the executable again")]
    Corrupt {
        /// How many are bad.
        faults: usize,
        /// How many there are.
        files: usize,
    },
    /// The executable was built from other sources; each difference was named in the output.
    #[error(
        "{} from the {} of this executable; build it again from this tree",
        counted(*.differences, "difference"),
        counted(*.files, "source")
    )]
    Stale {
        /// How many files differ, are missing, or are new.
        differences: usize,
        /// How many it was built from.
        files: usize,
    },
    /// The sources could not be compared.
    #[error(transparent)]
    Tree(#[from] CompareError),
    /// The folder could not be filled.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The output could not be written.
    #[error("the output cannot be written; see whether the program that reads it has ended")]
    Output(#[from] io::Error),
}

impl AssetsCommand {
    /// Runs the command on `assets`, and writes its result to `out`.
    ///
    /// # Errors
    /// When there is no such asset, a file is corrupt, or something cannot be written.
    pub fn run(&self, assets: &Assets, out: &mut dyn Write) -> Result<(), AssetsCommandError> {
        match self {
            Self::Ls { json: true } => list_as_json(&assets.manifest().assets, out)?,
            Self::Ls { json: false } => list_as_table(&assets.manifest().assets, out)?,
            Self::Cat { name } => {
                let contents = assets.contents(name);
                out.write_all(&contents.ok_or_else(|| AssetsCommandError::Unknown(name.clone()))?)?;
            }
            Self::Verify { source } => {
                verify(assets, out)?;
                source.as_ref().map_or(Ok(()), |folder| compare(assets, folder, out))?;
            }
            Self::Export { dir } => {
                let exported = assets.export(dir)?;
                writeln!(out, "{} files, {} bytes: {}", exported.files, exported.bytes, dir.display())?;
            }
        }
        Ok(out.flush()?)
    }
}

fn list_as_json(assets: &[Asset], out: &mut dyn Write) -> io::Result<()> {
    let mut opening = "[\n";
    for asset in assets {
        out.write_all(opening.as_bytes())?;
        serde_json::to_writer(&mut *out, asset)?;
        opening = ",\n";
    }
    out.write_all(if assets.is_empty() { b"[]\n" } else { b"\n]\n" })
}

/// One line an asset: its name, its URL, and its size in each coding.
fn list_as_table(assets: &[Asset], out: &mut dyn Write) -> io::Result<()> {
    let name = |asset: &Asset| asset.path.as_str().to_owned();
    let url = |asset: &Asset| asset.url.as_deref().unwrap_or("-").to_owned();
    let names = width("path", assets.iter().map(name));
    let urls = width("url", assets.iter().map(url));
    write!(out, "{:names$}  {:urls$}", "path", "url")?;
    for coding in Coding::ALL {
        write!(out, "  {:>9}", coding.token())?;
    }
    writeln!(out)?;
    for asset in assets {
        write!(out, "{:names$}  {:urls$}", name(asset), url(asset))?;
        for coding in Coding::ALL {
            let size = asset.variant(coding).map_or_else(|| "-".to_owned(), |v| v.length.to_string());
            write!(out, "  {size:>9}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn width(title: &str, cells: impl Iterator<Item = String>) -> usize {
    cells.map(|cell| cell.chars().count()).fold(title.len(), usize::max)
}

fn verify(assets: &Assets, out: &mut dyn Write) -> Result<(), AssetsCommandError> {
    let audit = assets.verify();
    for fault in &audit.faults {
        writeln!(out, "{fault}")?;
    }
    match audit.faults.len() {
        0 => Ok(writeln!(out, "{} files, {} bytes: as built", audit.files, audit.bytes)?),
        faults => Err(AssetsCommandError::Corrupt { faults, files: audit.files }),
    }
}

/// `1 difference`, `2 differences`.
fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn compare(assets: &Assets, folder: &Path, out: &mut dyn Write) -> Result<(), AssetsCommandError> {
    let comparison = assets.compare(folder)?;
    for difference in &comparison.differences {
        writeln!(out, "{difference}")?;
    }
    match comparison.differences.len() {
        0 => Ok(writeln!(out, "{}: as in {}", counted(comparison.files, "source"), folder.display())?),
        differences => Err(AssetsCommandError::Stale { differences, files: comparison.files }),
    }
}
