//! What a command made of what, by content: it need not run again while neither has changed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kiln_manifest::Digest;
use walkdir::WalkDir;

use crate::{
    Config, Error, Result, atomic_write,
    config::{ExternalStep, Input},
    file_digest::FileDigest,
};

/// The command, and all that it reads, as they were before it ran.
pub(super) struct Stamp {
    before: Digest,
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
            let lock_file = folder.join("package-lock.json");
            if lock_file.is_file() {
                parts.push(entry(&config.root, &lock_file)?);
            }
        }
        for input in &step.inputs {
            parts.extend(entries(&config.root, input)?);
        }
        let before = Digest::of_parts(parts.iter().map(String::as_bytes));
        Ok(Self { before, output: config.root.join(step.output.as_str()) })
    }

    /// Whether the command has made of this what lies in its output folder.
    pub(super) fn is_in(&self, record: &Path) -> Result<bool> {
        let Ok(present) = fs::read_to_string(record) else { return Ok(false) };
        Ok(self.output.is_dir() && present == self.text()?)
    }

    pub(super) fn write(&self, record: &Path) -> Result<()> {
        atomic_write::replace(record, self.text()?.as_bytes())
    }

    fn text(&self) -> Result<String> {
        let mut made = Vec::new();
        for file in files(&self.output, &self.output)? {
            made.push(entry(&self.output, &file)?);
        }
        Ok(format!("{} {}\n", self.before, Digest::of_parts(made.iter().map(String::as_bytes))))
    }
}

/// The files of a glob. None at all is a mistake in the glob.
fn entries(root: &Path, input: &Input) -> Result<Vec<String>> {
    let files = files(&root.join(input.root.as_str()), root)?;
    let name = |file: &Path| file.strip_prefix(root).unwrap_or(file).to_owned();
    let read: Vec<_> = files.iter().filter(|file| input.glob.is_match(name(file))).collect();
    if read.is_empty() {
        return Err(Error::Tree {
            path: input.glob.glob().glob().into(),
            problem: "no file is called so, but `inputs` of a step names it".to_owned(),
            help: "fix the glob in Cargo.toml: it begins beside Cargo.toml, and `**` stands for folders"
                .to_owned(),
        });
    }
    read.into_iter().map(|file| entry(root, file)).collect()
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
            help: "make it readable".to_owned(),
        })?;
        if entry.path().is_file() {
            files.push(entry.into_path());
        }
    }
    files.sort();
    Ok(files)
}

/// One file, by name and content.
fn entry(root: &Path, file: &Path) -> Result<String> {
    let (examined, _) = FileDigest::examine(file)?;
    let name = file.strip_prefix(root).unwrap_or(file);
    Ok(format!("{} {}", examined.digest, name.display()))
}
