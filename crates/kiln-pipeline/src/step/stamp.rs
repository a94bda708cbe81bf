//! Stamps: digests of a command's inputs and output. While both match, the command need not run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kiln_manifest::{Digest, LogicalPath};
use walkdir::WalkDir;

use crate::{
    Config, Error, Result, atomic_write,
    config::{ExternalStep, Input},
    file_digest::FileDigest,
    packages::PackageLock,
};

/// The digest of a command and its inputs, taken before it runs.
pub(super) struct Stamp {
    inputs: Digest,
    output: PathBuf,
}

impl Stamp {
    pub(super) fn new(config: &Config, step: &ExternalStep) -> Result<Self> {
        let mut parts: Vec<String> = step.command.clone();
        parts.push(format!("{:?}", step.folder));
        for name in &step.env {
            parts.push(format!("{name}={:?}", config.variables.get(name)));
        }
        for folder in [config.root.clone(), step.directory(&config.root)] {
            if let Some(lock) = PackageLock::of(&folder)? {
                parts.push(entry(&config.root, &lock.path())?);
            }
        }
        for input in &step.inputs {
            parts.extend(entries(&config.root, input)?);
        }
        let inputs = Digest::of_parts(parts.iter().map(String::as_bytes));
        Ok(Self { inputs, output: config.root.join(step.output.as_str()) })
    }

    /// Whether the output folder is the one that the command wrote for these inputs.
    pub(super) fn matches(&self, record: &Path) -> Result<bool> {
        let Ok(present) = fs::read_to_string(record) else { return Ok(false) };
        Ok(self.output.is_dir() && present == self.text()?)
    }

    pub(super) fn write(&self, record: &Path) -> Result<()> {
        atomic_write::replace(record, self.text()?.as_bytes())
    }

    fn text(&self) -> Result<String> {
        let files = files(&self.output, &self.output)?;
        let output = files.iter().map(|file| entry(&self.output, file)).collect::<Result<Vec<_>>>()?;
        Ok(format!("{} {}\n", self.inputs, Digest::of_parts(output.iter().map(String::as_bytes))))
    }
}

/// The paths whose change may make the command stale: the folder with which a glob begins; when the output lies in it,
/// the files of the glob alone, because the command changes the folder.
pub(super) fn watched(root: &Path, input: &Input, output: &LogicalPath) -> Result<Vec<PathBuf>> {
    let start = root.join(input.root.as_str());
    if root.join(output.as_str()).starts_with(&start) { matching(root, input) } else { Ok(vec![start]) }
}

fn entries(root: &Path, input: &Input) -> Result<Vec<String>> {
    matching(root, input)?.iter().map(|file| entry(root, file)).collect()
}

/// The files of a glob. A glob without a match is an error.
fn matching(root: &Path, input: &Input) -> Result<Vec<PathBuf>> {
    let mut read = files(&root.join(input.root.as_str()), root)?;
    read.retain(|file| input.glob.is_match(file.strip_prefix(root).unwrap_or(file)));
    if read.is_empty() {
        return Err(Error::Tree {
            path: input.glob.glob().glob().into(),
            problem: "no file matches this glob in `inputs` of a step".to_owned(),
            help: "fix the glob in Cargo.toml: it is relative to the package, and `**` matches folders"
                .to_owned(),
        });
    }
    Ok(read)
}

/// Every file below `folder`, or `folder` itself when it is one, sorted.
fn files(folder: &Path, root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    let is_wanted = |entry: &walkdir::DirEntry| entry.depth() == 0 || entry.file_name() != "node_modules";
    for entry in WalkDir::new(folder).into_iter().filter_entry(is_wanted) {
        let entry = entry.map_err(|error| Error::Tree {
            path: root.to_owned(),
            problem: error.to_string(),
            help: "make it readable for this user".to_owned(),
        })?;
        if entry.path().is_file() {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}

/// The digest and the name of a file.
fn entry(root: &Path, file: &Path) -> Result<String> {
    let (digested, _) = FileDigest::examine(file)?;
    let name = file.strip_prefix(root).unwrap_or(file);
    Ok(format!("{} {}", digested.digest, name.display()))
}
