//! `[package.metadata.kiln.budgets]`: limits for the size of a release's outputs.

use std::{collections::BTreeMap, ops::Range};

use globset::GlobMatcher;
use kiln_manifest::Coding;
use serde::Deserialize;
use toml::{Spanned, Value};

use super::glob_list::parsed_glob;
use crate::{Result, text::Text};

/// The size limits of a release.
#[derive(Clone, Debug, Default)]
pub struct Budgets {
    /// Limits for each asset that matches a glob; default none.
    pub assets: Vec<Budget>,
    /// Limits for each page that matches a glob, together with the scripts and styles that it loads; default none.
    pub pages: Vec<Budget>,
    /// The limit for all embedded bytes, in all codings; default none.
    pub embedded: Option<Limit>,
}

/// The limits of the assets that match a glob.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Matches names below `assets/`.
    pub glob: GlobMatcher,
    /// Limits, each of which holds.
    pub limits: Vec<Limit>,
}

/// One limit, with its place in `Cargo.toml`.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The representation that is counted.
    pub measure: Measure,
    /// The largest allowed size, in bytes.
    pub bytes: u64,
    pub(crate) place: (Text, Range<usize>),
}

/// The representation of an asset that a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The smallest representation, which a current browser loads.
    Smallest,
    /// The variant in this coding; the uncompressed bytes where the variant would save too little to exist.
    In(Coding),
}

/// `budgets` in `Cargo.toml`. A limit is a number of bytes, or a table with one for each of several codings.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BudgetsTable {
    assets: BTreeMap<String, Spanned<Value>>,
    pages: BTreeMap<String, Spanned<Value>>,
    embedded: Option<Spanned<u64>>,
}

impl Budgets {
    pub(super) fn checked(text: &Text, table: BudgetsTable) -> Result<Self> {
        let embedded = |bytes: Spanned<u64>| Limit {
            measure: Measure::Smallest,
            bytes: *bytes.get_ref(),
            place: (text.clone(), bytes.span()),
        };
        Ok(Self {
            assets: budgets(text, &table.assets)?,
            pages: budgets(text, &table.pages)?,
            embedded: table.embedded.map(embedded),
        })
    }
}

fn budgets(text: &Text, table: &BTreeMap<String, Spanned<Value>>) -> Result<Vec<Budget>> {
    table.iter().map(|(pattern, limits)| budget(text, pattern, limits)).collect()
}

fn budget(text: &Text, pattern: &str, written: &Spanned<Value>) -> Result<Budget> {
    let glob = parsed_glob(text, pattern, written.span())?.compile_matcher();
    let limit = |measure, value: &Value| {
        let bytes = value.as_integer().and_then(|bytes| u64::try_from(bytes).ok())?;
        Some(Limit { measure, bytes, place: (text.clone(), written.span()) })
    };
    let limits: Option<Vec<Limit>> = match written.get_ref() {
        Value::Table(table) => {
            table.iter().map(|(name, value)| limit(Measure::In(coding(name)?), value)).collect()
        }
        value => limit(Measure::Smallest, value).map(|limit| vec![limit]),
    };
    let limits = limits.filter(|limits| !limits.is_empty()).ok_or_else(|| {
        text.error(written.span(), format!("invalid budget for `{pattern}`"))
            .with_label("expected bytes, or bytes by coding")
            .with_help("write `40_000` or `{ br = 40_000 }`; the codings are identity, gzip, zstd and br")
    })?;
    Ok(Budget { glob, limits })
}

fn coding(name: &str) -> Option<Coding> {
    Coding::ALL.into_iter().find(|coding| coding.token() == name)
}
