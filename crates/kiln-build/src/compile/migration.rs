//! Migrations: checked here, embedded by `include_dir` in the application, applied before a release serves.

use std::{collections::BTreeMap, fs, path::PathBuf};

use crate::{Config, Error, Result};

/// Engines for which a migration may have a text of its own: `0001_name.postgres.sql`.
const ENGINES: [&str; 2] = ["postgres", "sqlite"];

/// Checks the names in `migrations/`: numbered from 1 without gaps or twins. Returns the folder when there
/// is one, to be watched.
///
/// # Errors
/// The first file whose name breaks a rule.
pub(crate) fn check(config: &Config) -> Result<Option<PathBuf>> {
    let folder = config.root.join("migrations");
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Error::io("read", &folder))? {
        let entry = entry.map_err(Error::io("read", &folder))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    sequence(&names)?;
    Ok(Some(folder))
}

fn sequence(names: &[String]) -> Result<()> {
    let mut stems: BTreeMap<u32, &str> = BTreeMap::new();
    for name in names {
        let (version, stem) = parse(name).ok_or_else(|| {
            refused(name, "the name is not that of a migration", "name it like `0001_create_users.sql`: four digits, `_`, then lower-case letters, digits or `_`")
        })?;
        if stems.insert(version, stem).is_some_and(|present| present != stem) {
            return Err(refused(
                name,
                "another migration has the same number",
                "give it the next free number",
            ));
        }
    }
    for (expected, (version, stem)) in (1..).zip(&stems) {
        if *version != expected {
            let problem = format!("number {expected:04} is missing before it");
            return Err(refused(
                &format!("{version:04}_{stem}.sql"),
                &problem,
                "number migrations from 0001 without gaps",
            ));
        }
    }
    Ok(())
}

fn refused(name: &str, problem: &str, mend: &str) -> Error {
    Error::Tree {
        path: format!("migrations/{name}").into(),
        problem: problem.to_owned(),
        mend: mend.to_owned(),
    }
}

/// `0001_name[.engine].sql` as number and name.
fn parse(file: &str) -> Option<(u32, &str)> {
    let stem = file.strip_suffix(".sql")?;
    let stem = ENGINES.iter().find_map(|engine| stem.strip_suffix(engine)?.strip_suffix('.')).unwrap_or(stem);
    let (number, name) = stem.split_once('_')?;
    let is_name = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '_');
    let is_number =
        number.len() == 4 && number.bytes().all(|digit| digit.is_ascii_digit()) && number != "0000";
    let is_valid = is_number && !name.is_empty() && name.chars().all(is_name);
    if is_valid { Some((number.parse().ok()?, name)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(names: &[&str]) -> Option<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        sequence(&names).err().map(|error| error.to_string())
    }

    #[test]
    fn a_sequence_may_have_twins_for_each_engine_only() {
        assert_eq!(problem(&["0001_a.sql", "0002_b.postgres.sql", "0002_b.sqlite.sql"]), None);
        for (names, expected) in [
            (["0001_a.sql", "0001_b.sql"], "migrations/0001_b.sql: another migration has the same number"),
            (["0001_a.sql", "0003_b.sql"], "migrations/0003_b.sql: number 0002 is missing before it"),
            (["0001_a.sql", "2_b.sql"], "migrations/2_b.sql: the name is not that of a migration"),
            (["0001_a.sql", "+002_b.sql"], "migrations/+002_b.sql: the name is not that of a migration"),
            (["0001_a.sql", "0002_B.sql"], "migrations/0002_B.sql: the name is not that of a migration"),
        ] {
            assert_eq!(problem(&names).as_deref(), Some(expected));
        }
    }
}
