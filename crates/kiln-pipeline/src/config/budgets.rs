//! `[package.metadata.kiln.budgets]`: how large outputs of a release may be.

use std::{collections::BTreeMap, ops::Range};

use globset::GlobMatcher;
use kiln_manifest::Coding;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::{Result, glob::glob, text::Text};

/// What no release may pass.
#[derive(Clone, Debug, Default)]
pub struct Budgets {
    /// For each asset that a glob names; default none.
    pub assets: Vec<Budget>,
    /// For each page that a glob names, together with the scripts and styles that it loads; default none.
    pub pages: Vec<Budget>,
    /// For all bytes that are embedded, in all codings; default none.
    pub embedded: Option<Limit>,
}

/// The limits of what a glob names.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Matches names below `assets/`.
    pub glob: GlobMatcher,
    /// All of them hold.
    pub limits: Vec<Limit>,
}

/// One limit, with the place where it is written.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Which bytes are counted.
    pub measure: Measure,
    /// How many there may be.
    pub bytes: u64,
    pub(crate) place: (Text, Range<usize>),
}

/// Which of the representations of an asset is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The smallest: what a browser of today loads.
    Smallest,
    /// The one in this coding; the uncompressed one where it was not worth making.
    In(Coding),
}

/// As it is written. A limit is a number of bytes, or a table with one for each of several codings.
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
    let compiled = glob(pattern).map_err(|error| text.error(written.span(), error.to_string()))?;
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
        text.error(written.span(), format!("`{pattern}` has no budget that can be measured")).with_help(
            "write bytes, `40_000`, or bytes by coding, `{ br = 40_000 }`: identity, gzip, zstd, br",
        )
    })?;
    Ok(Budget { glob: compiled.compile_matcher(), limits })
}

fn coding(name: &str) -> Option<Coding> {
    Coding::ALL.into_iter().find(|coding| coding.token() == name)
}
