//! Budgets: the check of a release's sizes, before any file is written.

use std::{cmp::Reverse, collections::BTreeMap, fs::File, io::BufReader};

use kiln_manifest::{Coding, LogicalPath, MANIFEST_FILE, Manifest, Mode};

use crate::{
    Config, Error, Result,
    compress::Packed,
    config::{Budget, FOLDER, Limit, Measure},
};

/// Compares the sizes of outputs with `budgets` in `[package.metadata.kiln]`.
///
/// # Errors
/// Every budget that is exceeded, with the growth since the previous build.
pub(crate) fn check(config: &Config, packed: &[Packed]) -> Result<()> {
    let budgets = &config.options.budgets;
    if config.mode == Mode::Dev {
        return Ok(());
    }
    let sizes = ReleaseSizes::new(config, packed);
    let mut errors = Vec::new();
    for output in packed {
        let path = &output.linked.path;
        for limit in limits(&budgets.assets, path) {
            errors.extend(sizes.exceeded(limit, path.as_str(), &[path]));
        }
        for limit in limits(&budgets.pages, path) {
            let loaded = sizes.loaded_by(output);
            errors.extend(sizes.exceeded(limit, &format!("{path} and the files that it loads"), &loaded));
        }
    }
    if let Some(limit) = &budgets.embedded {
        errors.extend(sizes.total_exceeded(limit));
    }
    Error::all(errors)
}

fn limits<'a>(budgets: &'a [Budget], path: &'a LogicalPath) -> impl Iterator<Item = &'a Limit> {
    budgets.iter().filter(|budget| budget.glob.is_match(path.as_str())).flat_map(|budget| &budget.limits)
}

/// The bytes of an asset by coding.
type Sizes = BTreeMap<Coding, u64>;

/// The sizes of all assets, now and in the previous build.
struct ReleaseSizes<'a> {
    now: BTreeMap<&'a LogicalPath, Sizes>,
    before: BTreeMap<LogicalPath, Sizes>,
    by_url: BTreeMap<&'a str, &'a LogicalPath>,
}

impl<'a> ReleaseSizes<'a> {
    fn new(config: &Config, packed: &'a [Packed]) -> Self {
        let by_url = packed.iter().filter_map(|one| Some((one.linked.url.as_deref()?, &one.linked.path)));
        Self {
            now: packed.iter().map(|output| (&output.linked.path, sizes(output))).collect(),
            before: before(config),
            by_url: by_url.collect(),
        }
    }

    /// The page, its scripts and its styles.
    fn loaded_by(&self, page: &'a Packed) -> Vec<&'a LogicalPath> {
        let imports = page.linked.imports.iter().filter_map(|url| self.by_url.get(url.as_str()).copied());
        [&page.linked.path].into_iter().chain(imports).collect()
    }

    fn exceeded(&self, limit: &Limit, name: &str, assets: &[&LogicalPath]) -> Option<Error> {
        let counted = match limit.measure {
            Measure::Smallest => "in its smallest coding".to_owned(),
            Measure::In(Coding::Identity) => "uncompressed".to_owned(),
            Measure::In(coding) => format!("in {}", coding.token()),
        };
        let parts = self.largest_first(assets.iter().copied(), |sizes| measured(sizes, limit.measure));
        error(limit, name, &counted, &parts, parts.len())
    }

    fn total_exceeded(&self, limit: &Limit) -> Option<Error> {
        let parts = self.largest_first(self.now.keys().copied(), |sizes| sizes.values().sum());
        error(limit, "embedded assets", "in all codings", &parts, 5)
    }

    /// Assets with their bytes, now and in the previous build.
    fn largest_first<'b>(
        &self,
        assets: impl Iterator<Item = &'b LogicalPath>,
        bytes: impl Fn(&Sizes) -> u64,
    ) -> Vec<(u64, &'b LogicalPath, Option<u64>)> {
        let mut parts: Vec<_> =
            assets.map(|path| (bytes(&self.now[path]), path, self.before.get(path).map(&bytes))).collect();
        parts.sort_by_key(|(bytes, path, _)| (Reverse(*bytes), *path));
        parts
    }
}

/// The error where `parts` exceed the limit together; it lists the first `shown` of them.
fn error(
    limit: &Limit,
    name: &str,
    counted: &str,
    parts: &[(u64, &LogicalPath, Option<u64>)],
    shown: usize,
) -> Option<Error> {
    let total: u64 = parts.iter().map(|(bytes, ..)| bytes).sum();
    let over = total.checked_sub(limit.bytes).filter(|over| *over > 0)?;
    let largest = parts.iter().take(shown);
    let largest: Vec<String> = largest
        .map(|(bytes, path, before)| format!("{path} {}{}", grouped(*bytes), growth(*bytes, *before)))
        .collect();
    let (text, span) = &limit.place;
    let error = text
        .error(
            span.clone(),
            format!("budget exceeded by {}: {name}, {} {counted}", bytes(over), bytes(total)),
        )
        .with_label("the budget")
        .with_help(format!(
            "largest first: {}. Load code that is not needed at once with `import()`, remove unused code, or raise the budget; `cargo kiln report` shows the contents of each file",
            largest.join(", ")
        ));
    Some(error.into())
}

fn growth(now: u64, before: Option<u64>) -> String {
    match before {
        None => String::new(),
        Some(before) if before == now => " (unchanged)".to_owned(),
        Some(before) if before < now => format!(" (grew by {})", grouped(now - before)),
        Some(before) => format!(" (shrank by {})", grouped(before - now)),
    }
}

fn sizes(output: &Packed) -> Sizes {
    let identity = (Coding::Identity, output.linked.body.length());
    let coded = output.coded.iter().map(|(coding, variant)| (*coding, variant.bytes.len() as u64));
    [identity].into_iter().chain(coded).collect()
}

/// The sizes of the previous release, which was within its budgets.
fn before(config: &Config) -> BTreeMap<LogicalPath, Sizes> {
    let manifest = File::open(config.out.join(FOLDER).join(MANIFEST_FILE)).ok();
    let manifest =
        manifest.and_then(|file| serde_json::from_reader::<_, Manifest>(BufReader::new(file)).ok());
    let assets = manifest.filter(|manifest| manifest.mode == Mode::Release).map(|manifest| manifest.assets);
    let assets = assets.into_iter().flatten().map(|asset| {
        let sizes = asset.variants.iter().map(|variant| (variant.coding, variant.length)).collect();
        (asset.path, sizes)
    });
    assets.collect()
}

fn measured(sizes: &Sizes, measure: Measure) -> u64 {
    let found = match measure {
        Measure::Smallest => sizes.values().min(),
        Measure::In(coding) => sizes.get(&coding).or_else(|| sizes.get(&Coding::Identity)),
    };
    found.copied().unwrap_or_default()
}

/// A number of bytes, `1 byte` or `41,237 bytes`.
fn bytes(number: u64) -> String {
    format!("{} {}", grouped(number), if number == 1 { "byte" } else { "bytes" })
}

/// `41237` as `41,237`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn an_asset_without_a_variant_in_the_coding_counts_uncompressed() {
        let sizes = Sizes::from([(Coding::Identity, 100), (Coding::Brotli, 40)]);
        assert_eq!(measured(&sizes, Measure::Smallest), 40);
        assert_eq!(measured(&sizes, Measure::In(Coding::Brotli)), 40);
        assert_eq!(measured(&sizes, Measure::In(Coding::Gzip)), 100);
    }
}
