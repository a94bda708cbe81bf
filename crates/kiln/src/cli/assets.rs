//! `assets ls|cat|verify|export`: the assets in the executable.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Subcommand;
use kiln_manifest::{Asset, Coding};

use crate::assets::{Assets, CompareError, ExportError};

/// Show and check the assets in this executable
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum AssetsCommand {
    /// List every asset with its URL and its sizes in bytes
    Ls {
        /// Print the manifest's entries, with hashes: a JSON array, one asset a line
        #[arg(long)]
        json: bool,
    },
    /// Write one asset to standard output
    Cat {
        /// Name, as `ls` prints it
        name: String,
    },
    /// Hash every embedded file and compare it with the manifest
    Verify {
        /// Compare the sources in this package too: the folder with Cargo.toml
        #[arg(long, value_name = "DIR")]
        source: Option<PathBuf>,
    },
    /// Write every embedded file and the manifest into a folder
    Export {
        /// A folder that is empty or does not exist
        dir: PathBuf,
    },
}

/// An error of `assets`.
#[derive(Debug, thiserror::Error)]
pub enum AssetsCommandError {
    /// An unknown name.
    #[error("unknown asset `{0}`; `assets ls` lists the names")]
    Unknown(String),
    /// Corrupt files, each of which the output names.
    #[error("{faults} of {files} embedded files do not match the manifest; build the executable again")]
    Corrupt {
        /// The number of corrupt files.
        faults: usize,
        /// The number of files.
        files: usize,
    },
    /// Sources other than those of the build; the output names each difference.
    #[error(
        "{} from the {} of this executable; build the executable again from this folder",
        counted(*.differences, "difference"),
        counted(*.files, "source")
    )]
    Stale {
        /// The number of files that differ, are missing, or are new.
        differences: usize,
        /// The number of sources of the build.
        files: usize,
    },
    /// The sources could not be compared.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// The folder could not be written.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl AssetsCommand {
    /// Runs the command on `assets`, and writes its result to `out`.
    ///
    /// # Errors
    /// When the name is unknown, a file is corrupt, or the output cannot be written.
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

/// Writes one line for each asset: its name, its URL, and its size in each coding.
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
