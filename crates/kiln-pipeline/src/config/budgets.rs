//! `[package.metadata.kiln.budgets]`: limits for the size of a release's outputs.

use std::{collections::BTreeMap, ops::Range};

use kiln_manifest::Coding;
use serde::Deserialize;
use toml::{Spanned, Value};

use super::glob_list::WrittenGlob;
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
    pub glob: WrittenGlob,
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
    assets: BTreeMap<Spanned<String>, Spanned<Value>>,
    pages: BTreeMap<Spanned<String>, Spanned<Value>>,
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

    /// Warnings for globs that match none of `outputs`, or of `pages`.
    pub(crate) fn unmatched(&self, outputs: &[&str], pages: &[&str]) -> Vec<String> {
        let assets =
            self.assets.iter().map(|budget| budget.glob.unmatched("budgets.assets", "file", outputs));
        let of_pages = self.pages.iter().map(|budget| budget.glob.unmatched("budgets.pages", "page", pages));
        assets.chain(of_pages).flatten().collect()
    }
}

fn budgets(text: &Text, table: &BTreeMap<Spanned<String>, Spanned<Value>>) -> Result<Vec<Budget>> {
    table.iter().map(|(pattern, limits)| budget(text, pattern, limits)).collect()
}

fn budget(text: &Text, pattern: &Spanned<String>, written: &Spanned<Value>) -> Result<Budget> {
    let glob = WrittenGlob::checked(text, pattern)?;
    let pattern = pattern.get_ref();
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
