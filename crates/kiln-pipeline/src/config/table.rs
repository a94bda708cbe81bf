//! `[package.metadata.kiln]` in `Cargo.toml`: the keys, and the type of each. A key that is added here belongs into the
//! table of README.md as well, with its default.

use serde::Deserialize;
use toml::Spanned;

use super::{
    budgets::BudgetsTable, compression::CompressionTable, define::DefineTable, headers::HeadersTable,
    policy_table::PolicyTable, source_maps::SourceMaps, step::StepTable, unknown::toml_error,
};
use crate::{Result, text::Text};

/// The keys. Strings carry their place, for diagnostics.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Table {
    pub(super) asset_origin: Option<Spanned<String>>,
    pub(super) attributes: Vec<Spanned<String>>,
    pub(super) budgets: BudgetsTable,
    pub(super) check_sql: Option<bool>,
    pub(super) compression: CompressionTable,
    pub(super) define: DefineTable,
    pub(super) entries: Vec<Spanned<String>>,
    pub(super) env_prefix: Option<Spanned<String>>,
    pub(super) hashed: Vec<Spanned<String>>,
    pub(super) headers: HeadersTable,
    pub(super) integrity: Option<bool>,
    pub(super) keep_names: bool,
    pub(super) mount: Option<Spanned<String>>,
    pub(super) policy: PolicyTable,
    pub(super) prefix: Option<Spanned<String>>,
    pub(super) private: Vec<Spanned<String>>,
    pub(super) routes: Option<Vec<Spanned<String>>>,
    pub(super) sbom: bool,
    pub(super) site: Option<Spanned<String>>,
    pub(super) source_maps: Option<SourceMaps>,
    pub(super) steps: Vec<StepTable>,
    pub(super) spa: Option<Spanned<String>>,
    pub(super) targets: Option<Vec<Spanned<String>>>,
    pub(super) verbatim: Vec<Spanned<String>>,
    pub(super) watcher_port: Option<u16>,
}

/// The table in a `Cargo.toml`.
pub(super) fn table(text: &Text) -> Result<Table> {
    let file: CargoToml = toml::from_str(text.content()).map_err(|error| toml_error(text, &error))?;
    Ok(file.package.metadata.kiln)
}

/// The name of the package, or an empty string.
pub(super) fn package_name(text: &Text) -> String {
    toml::from_str(text.content()).map(|file: CargoToml| file.package.name).unwrap_or_default()
}

#[derive(Deserialize)]
struct CargoToml {
    package: CargoPackage,
}

#[derive(Deserialize)]
struct CargoPackage {
    #[serde(default)]
    name: String,
    #[serde(default)]
    metadata: CargoMetadata,
}

#[derive(Default, Deserialize)]
struct CargoMetadata {
    #[serde(default)]
    kiln: Table,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;

    use super::*;
    use crate::config::unknown::expected;

    const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md"));

    /// The keys of a table according to serde.
    fn keys_of<T: DeserializeOwned>() -> BTreeSet<String> {
        let error = toml::from_str::<T>("\"?\" = 0").map(drop).expect_err("a key called `?`");
        expected(error.message()).map(str::to_owned).collect()
    }

    /// The keys in the first column of the configuration table.
    fn documented() -> BTreeSet<String> {
        let section = README.split("### Configuration").nth(1).expect("a section on configuration");
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
        rows.map(|(key, _)| key.to_owned()).collect()
    }

    /// The keys of the parser; keys of a nested table follow its name and a dot.
    fn known() -> BTreeSet<String> {
        let mut keys = keys_of::<Table>();
        let tables = [
            ("budgets", keys_of::<BudgetsTable>()),
            ("compression", keys_of::<CompressionTable>()),
            ("steps", keys_of::<StepTable>()),
        ];
        for (name, nested) in tables {
            assert!(keys.remove(name), "{name} is no key");
            keys.extend(nested.into_iter().map(|key| format!("{name}.{key}")));
        }
        keys
    }

    #[test]
    fn the_readme_has_a_row_for_each_key_and_no_other() {
        assert_eq!(documented(), known());
    }
}
