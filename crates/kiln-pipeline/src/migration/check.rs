//! The check of `migrations/`.

use std::{collections::BTreeMap, fs, path::Path};

use kiln_manifest::migration::{FilesError, Migrations, normalised};

use super::place::{FOLDER, path, text_at_line};
use crate::{Config, Error, Result, text::Text};

/// Checks `migrations/`, where the package has that folder.
///
/// # Errors
/// The first file that breaks a rule, or that SQLite rejects.
pub(crate) fn check(config: &Config) -> Result<()> {
    let folder = config.root.join(FOLDER);
    if !folder.is_dir() {
        return Ok(());
    }
    let files = read(&folder)?;
    let migrations = Migrations::from_files(&files).map_err(|error| rejected(error, &files))?;
    if config.options.check_sql { apply(&migrations) } else { Ok(()) }
}

#[cfg(feature = "toolchain")]
fn apply(migrations: &Migrations) -> Result<()> {
    super::scratch::apply(migrations)
}

/// Without the toolchain there is no SQLite.
#[cfg(not(feature = "toolchain"))]
#[expect(clippy::unnecessary_wraps, reason = "the toolchain may fail")]
fn apply(_: &Migrations) -> Result<()> {
    Ok(())
}

/// Every file by its name. Folders are skipped, here as in the executable.
fn read(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        if path.is_dir() {
            continue;
        }
        let content = fs::read(&path).map_err(Error::io("read", &path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.insert(name, content);
    }
    Ok(files)
}

fn rejected(error: FilesError, files: &BTreeMap<String, Vec<u8>>) -> Error {
    let at = |file: &str, line: usize| {
        let text = normalised(&String::from_utf8_lossy(&files[file]));
        text_at_line(Text::new(path(file), text), line)
    };
    let tree =
        |file: String, problem: String, help: String| Error::Tree { path: path(&file).into(), problem, help };
    match error {
        FilesError::Name { file } => tree(
            file,
            "invalid migration name".to_owned(),
            "name it like `0001_create_users.sql`: a number of four digits, `_`, then lower-case letters, digits or `_`; with `.sqlite` or `.postgres` before `.sql` for one engine only".to_owned(),
        ),
        FilesError::Twins { one, other } => tree(
            other,
            format!("duplicate migration number: `{one}` has the same"),
            "give the later migration the next free number".to_owned(),
        ),
        FilesError::Gap { missing, file } => tree(
            file,
            format!("gap in migration numbers: {missing:04} is missing"),
            "number migrations from 0001 without gaps".to_owned(),
        ),
        FilesError::Encoding { file } => {
            tree(file, "not UTF-8".to_owned(), "save the file as UTF-8".to_owned())
        }
        FilesError::Incomplete { file, version, name } => tree(
            file,
            "migration for one engine only".to_owned(),
            format!("add the file for the other engine, or `{version:04}_{name}.sql` for both"),
        ),
        FilesError::Header { file, line, directive } => {
            let (text, span) = at(&file, line);
            text.error(span, format!("invalid migration header `kiln: {directive}`"))
                .with_label("unknown, repeated, or after the first statement")
                .with_help("write `-- kiln: compatible-from = N`, with N less than the migration's own number, or `-- kiln: no-transaction`; each once, and before the first statement")
                .into()
        }
        FilesError::Transaction { file, line, .. } => {
            let (text, span) = at(&file, line);
            text.error(span, "transaction statement in a migration")
                .with_label("begins or ends a transaction")
                .with_help("remove it: each migration runs in a transaction together with its record; `-- kiln: no-transaction` is for statements that cannot")
                .into()
        }
    }
}
