//! `[package.metadata.kiln]` as the build uses it: every key, and its default.

use std::{collections::BTreeMap, path::Path};

use kiln_manifest::{Digest, LogicalPath};

use super::{
    attributes::ReferenceAttributes,
    budgets::Budgets,
    compression::Compression,
    define,
    glob_list::GlobList,
    headers::Headers,
    policy::PagePolicies,
    source_maps::SourceMaps,
    step::ExternalStep,
    table::{package_name, table},
    targets::Targets,
    value::{env_prefix, logical_path, mount, origin, prefix},
    verbatim::Verbatim,
};
use crate::{Result, text::Text};

/// `[package.metadata.kiln]`. Each field is named after its key.
#[expect(clippy::struct_excessive_bools, reason = "one field for each key")]
#[derive(Clone, Debug)]
pub struct Options {
    /// The origin before the URLs of hashed assets in a release, `https://cdn.example`; default that of the page.
    pub asset_origin: Option<String>,
    /// Attributes of pages that refer to files, beside those of HTML: `data-src`, `my-card[image]`; default none.
    pub attributes: ReferenceAttributes,
    /// `[package.metadata.kiln.budgets]`: size limits for outputs of a release; default none.
    pub budgets: Budgets,
    /// Whether `migrations/` is applied to an empty SQLite database in memory, so that an error in its SQL fails the
    /// build; default yes, with the toolchain.
    pub check_sql: bool,
    /// `[package.metadata.kiln.compression]`: the compression of a release's outputs.
    pub compression: Compression,
    /// `[package.metadata.kiln.define]`: names that scripts read as constants, `__VERSION__`, with their values; default none.
    pub define: BTreeMap<String, serde_json::Value>,
    /// Scripts and styles to build although no page refers to them, `["admin.ts"]`; default none.
    pub entries: Vec<LogicalPath>,
    /// The prefix of environment variables that scripts may read by `import.meta.env`; default `PUBLIC_`.
    pub env_prefix: String,
    /// Globs of files that another tool has fingerprinted; their names stay, have to lie below `prefix`, and are served
    /// as immutable; default none.
    pub hashed: GlobList,
    /// `[package.metadata.kiln.headers]`: response header fields, by globs; default none.
    pub headers: Headers,
    /// Whether elements and preloads of a release have integrity metadata; default yes. A proxy that rewrites scripts or
    /// style sheets makes them fail.
    pub integrity: bool,
    /// Whether functions and classes of a release keep their `name`; default no, because shorter names take less bytes.
    pub keep_names: bool,
    /// The URL prefix of everything that is served, `/shop/`; default `/`.
    pub mount: String,
    /// `[package.metadata.kiln.policy]`: what pages are allowed beyond the default Content-Security-Policy; default
    /// nothing.
    pub policy: PagePolicies,
    /// The URL prefix of hashed assets, without `mount`; default `/assets/`.
    pub prefix: String,
    /// Globs of files that are embedded for the application and never served; default none.
    pub private: GlobList,
    /// Globs of root-relative URLs that are routes of the application, so that references to them need no file; default
    /// `/api/**`.
    pub routes: GlobList,
    /// Whether a bill of materials of the crates and npm packages is embedded; default no, because it takes a run of
    /// `cargo tree` in every build.
    pub sbom: bool,
    /// The origin of the site, `https://www.example`, for URLs that other machines read; default none.
    pub site: Option<String>,
    /// The treatment of source maps; default linked in development, none in a release.
    pub source_maps: Option<SourceMaps>,
    /// `[[package.metadata.kiln.steps]]`: output folders of other tools; default none.
    pub steps: Vec<ExternalStep>,
    /// The page that answers navigations to unknown URLs, for single-page applications: `index.html`; default none.
    pub spa: Option<LogicalPath>,
    /// The oldest browsers for which the styles of a release are prefixed and lowered, `["safari 16.4"]`; default
    /// those of Tailwind: Chrome 111, Firefox 128, Safari 16.4.
    pub targets: Option<Targets>,
    /// Globs of files that are served unchanged under their own names, added to the names for which clients ask at the
    /// root, such as `robots.txt` and `.well-known/**`; `!` before a glob takes files out.
    pub verbatim: Verbatim,
    /// The loopback port at which pages of a development build listen to the watcher; by default derived from the
    /// package's name, so that two packages can be developed at once.
    pub watcher_port: u16,
}

impl Options {
    /// Warnings for globs of sources that match none of `files`.
    pub(crate) fn unmatched(&self, files: &[&str]) -> Vec<String> {
        let lists = [("hashed", &self.hashed), ("private", &self.private)];
        let unmatched = lists.iter().flat_map(|(key, globs)| globs.unmatched(key, files));
        unmatched.chain(self.verbatim.unmatched(files)).collect()
    }

    /// Whether a URL has the origin of `site`, which is that of the pages.
    pub(crate) fn is_on_site(&self, url: &str) -> bool {
        self.site.as_deref().is_some_and(|site| {
            let (start, rest) = url.split_at_checked(site.len()).unwrap_or_default();
            start.eq_ignore_ascii_case(site) && (rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// The path from the root of `assets/` that an absolute URL below `site` and `mount` names.
    pub(crate) fn path_on_site<'u>(&self, url: &'u str) -> Option<&'u str> {
        let path = self.is_on_site(url).then(|| &url[self.site.as_ref().map_or(0, String::len)..])?;
        let below = path.strip_prefix(self.mount.trim_end_matches('/'))?;
        if path.is_empty() { Some("/") } else { below.starts_with('/').then_some(below) }
    }

    /// Reads `[package.metadata.kiln]` from a `Cargo.toml`.
    ///
    /// # Errors
    /// When the file cannot be read or parsed, a key is unknown, or a value does not fit.
    pub fn read(cargo_toml: &Path) -> Result<Self> {
        Self::parse(&Text::read(cargo_toml, "Cargo.toml".to_owned())?)
    }

    fn parse(text: &Text) -> Result<Self> {
        let table = table(text)?;
        Ok(Self {
            asset_origin: (table.asset_origin.as_ref())
                .map(|value| origin(text, "asset-origin", value))
                .transpose()?,
            attributes: ReferenceAttributes::checked(text, &table.attributes)?,
            budgets: Budgets::checked(text, table.budgets)?,
            check_sql: table.check_sql.unwrap_or(true),
            compression: Compression::checked(text, table.compression)?,
            define: define::checked(text, table.define)?,
            entries: table.entries.iter().map(|entry| logical_path(text, entry)).collect::<Result<_>>()?,
            env_prefix: table
                .env_prefix
                .map_or_else(|| Ok("PUBLIC_".to_owned()), |value| env_prefix(text, &value))?,
            hashed: GlobList::checked(text, &table.hashed)?,
            headers: Headers::checked(text, &table.headers)?,
            integrity: table.integrity.unwrap_or(true),
            keep_names: table.keep_names,
            mount: table.mount.map_or_else(|| Ok("/".to_owned()), |value| mount(text, &value))?,
            policy: PagePolicies::checked(text, table.policy)?,
            prefix: table.prefix.map_or_else(|| Ok("/assets/".to_owned()), |value| prefix(text, &value))?,
            private: GlobList::checked(text, &table.private)?,
            routes: GlobList::checked_or(text, table.routes, &["/api/**"])?,
            sbom: table.sbom,
            site: table.site.as_ref().map(|value| origin(text, "site", value)).transpose()?,
            source_maps: table.source_maps,
            steps: ExternalStep::all(text, table.steps)?,
            spa: table.spa.as_ref().map(|page| logical_path(text, page)).transpose()?,
            targets: table.targets.map(|targets| Targets::checked(text, &targets)).transpose()?,
            verbatim: Verbatim::checked(text, table.verbatim)?,
            watcher_port: table.watcher_port.unwrap_or_else(|| port_of(text)),
        })
    }
}

/// The default port of the watcher, 20000 to 24999: below the ephemeral ports (RFC 6335 §6, and Linux from 32768), above
/// the customary ports of servers.
fn port_of(cargo_toml: &Text) -> u16 {
    let digest = Digest::of(package_name(cargo_toml).as_bytes()).to_string();
    20_000 + digest.bytes().fold(0, |sum, digit| (sum * 10 + u16::from(digit) % 10) % 5_000)
}
