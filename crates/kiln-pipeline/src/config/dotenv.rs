//! `.env` files: variables for scripts, in the order of Vite. A later file replaces variables of an earlier one, and the
//! environment replaces all.

use std::{collections::BTreeMap, io, path::Path};

use kiln_manifest::Mode;

use crate::{Error, Result};

/// The files for `mode`, below the package.
fn files(mode: Mode) -> [&'static str; 4] {
    match mode {
        Mode::Dev => [".env", ".env.local", ".env.development", ".env.development.local"],
        Mode::Release => [".env", ".env.local", ".env.production", ".env.production.local"],
    }
}

/// The variables of the files in `root`.
///
/// # Errors
/// When a file is unreadable, or a line is not `NAME=value`.
pub(super) fn variables(root: &Path, mode: Mode) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    for name in files(mode) {
        let entries = match dotenvy::from_path_iter(root.join(name)) {
            Ok(entries) => entries,
            Err(dotenvy::Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(invalid(name, &error)),
        };
        for entry in entries {
            variables.extend([entry.map_err(|error| invalid(name, &error))?]);
        }
    }
    Ok(variables)
}

fn invalid(file: &str, error: &dotenvy::Error) -> Error {
    Error::Tree {
        path: file.into(),
        problem: error.to_string(),
        help: "write a variable a line, `PUBLIC_NAME=value`, with quotes around a value that holds spaces"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_later_file_replaces_variables_of_an_earlier_one() {
        let folder = tempfile::tempdir().expect("folder");
        for (name, content) in [
            (".env", "A=1\nB=\"two words\" # a comment\nC=1\nD=1\n"),
            (".env.local", "export C=2\n"),
            (".env.production", "D=3\nC=3\n"),
            (".env.production.local", "D=4\n"),
            (".env.development", "A=5\n"),
        ] {
            fs::write(folder.path().join(name), content).expect("write");
        }
        let variables = variables(folder.path(), Mode::Release).expect("variables");
        let expected = [("A", "1"), ("B", "two words"), ("C", "3"), ("D", "4")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(variables, BTreeMap::from(expected));
    }

    #[test]
    fn a_line_that_is_no_variable_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().expect("folder");
        fs::write(folder.path().join(".env.local"), "A=1\n? what\n").expect("write");
        let error = variables(folder.path(), Mode::Dev).expect_err("no variable");
        assert!(error.to_string().starts_with(".env.local: "), "{error}");
    }
}
