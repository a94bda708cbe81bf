//! List of all outputs of one build.

use serde::{Deserialize, Serialize};

use crate::{Asset, Digest, Directive, LogicalPath, PolicySource, SitePolicy, SourceFile};

/// Name of the manifest in the output folder.
pub const MANIFEST_FILE: &str = "manifest.json";

/// All outputs of one build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Mode of the build.
    pub mode: Mode,
    /// Path below which everything is served, with both slashes: `/`, `/shop/`.
    #[serde(default = "root")]
    pub mount: String,
    /// Path below which hashed assets are served, `mount` included, with both slashes: `/assets/`. A miss below it is
    /// never a page.
    pub prefix: String,
    /// Origin before the URLs of hashed assets, `https://cdn.example`; that of the page by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_origin: Option<String>,
    /// Digest over names, URLs and contents of all assets, and over the migrations.
    pub build_id: Digest,
    /// The page that a navigation to an unknown URL gets, with status 200, for applications that route in
    /// the browser.
    #[serde(default)]
    pub spa: Option<LogicalPath>,
    /// Globs of URL paths at which `spa` answers nothing, because the application does, or another tool's files have
    /// fingerprints there: `/api/**`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_spa: Vec<String>,
    /// The policy of every page, to which pages add their own.
    #[serde(default)]
    pub policy: SitePolicy,
    /// Assets sorted by path.
    pub assets: Vec<Asset>,
    /// Sources of the build, sorted by path.
    #[serde(default)]
    pub sources: Vec<SourceFile>,
}

/// Purpose of a build, decided once, by `kiln-build`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Development, readable and quick to make: nothing hashed, minified or compressed; read from the output folder.
    Dev,
    /// Release: hashed, minified, compressed, embedded.
    Release,
}

impl Manifest {
    /// A manifest of `assets` and `sources`, sorted, with the build id that follows from them; served from the root, no
    /// page for unknown URLs.
    #[must_use]
    pub fn new(mode: Mode, prefix: String, mut assets: Vec<Asset>, mut sources: Vec<SourceFile>) -> Self {
        assets.sort_by(|a, b| a.path.cmp(&b.path));
        sources.sort();
        let build_id = build_id(&assets, &sources);
        Self {
            mode,
            mount: root(),
            prefix,
            asset_origin: None,
            build_id,
            spa: None,
            not_spa: Vec::new(),
            policy: SitePolicy::of(mode),
            assets,
            sources,
        }
    }

    /// The URL of an asset for pages: with the origin of hashed assets, where there is one.
    #[must_use]
    pub fn url_of(&self, asset: &Asset) -> Option<String> {
        let origin = self.asset_origin.as_deref().filter(|_| asset.exposure.takes_origin(&asset.media_type));
        asset.url.as_ref().map(|url| format!("{}{url}", origin.unwrap_or_default()))
    }

    /// The asset with this logical path.
    #[must_use]
    pub fn get(&self, path: &LogicalPath) -> Option<&Asset> {
        self.assets.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|index| &self.assets[index])
    }
}

fn root() -> String {
    "/".to_owned()
}

impl SitePolicy {
    /// The policy by default. In [`Mode::Dev`] a page may also connect to the watcher, which has a port of its own.
    #[must_use]
    pub fn of(mode: Mode) -> Self {
        let mut policy = Self::default();
        if mode == Mode::Dev {
            policy.base.allow(Directive::ConnectSrc, PolicySource::LOOPBACK);
        }
        policy
    }
}

fn build_id(assets: &[Asset], sources: &[SourceFile]) -> Digest {
    let variants = assets.iter().flat_map(|asset| {
        asset.variants.iter().map(|variant| {
            let url = asset.url.as_deref().unwrap_or_default();
            format!("{} {url} {} {}", asset.path, variant.coding.token(), variant.digest)
        })
    });
    let migrations = sources.iter().filter(|source| source.is_migration());
    let migrations = migrations.map(|migration| format!("{} {}", migration.path, migration.digest));
    let lines: Vec<String> = variants.chain(migrations).collect();
    Digest::of_parts(lines.iter().map(String::as_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Coding, Exposure, Place, Policy, Release, Variant};

    fn asset(path: &str, content: &str) -> Asset {
        Asset {
            path: LogicalPath::new(path).expect(path),
            exposure: Exposure::Verbatim,
            url: Some(format!("/{path}")),
            media_type: "text/plain; charset=utf-8".to_owned(),
            release: Release::Current,
            variants: vec![Variant {
                coding: Coding::Identity,
                file: path.to_owned(),
                length: content.len() as u64,
                digest: Digest::of(content.as_bytes()),
                place: Place::File,
            }],
            imports: Vec::new(),
            preloads: Vec::new(),
            headers: Vec::new(),
            policy: Policy::default(),
        }
    }

    fn manifest(assets: Vec<Asset>) -> Manifest {
        Manifest::new(Mode::Release, "/assets/".to_owned(), assets, Vec::new())
    }

    #[test]
    fn order_of_discovery_does_not_matter() {
        let one = manifest(vec![asset("a", "1"), asset("b", "2")]);
        let other = manifest(vec![asset("b", "2"), asset("a", "1")]);
        assert_eq!(one, other);
        assert_eq!(one.get(&LogicalPath::new("b").expect("b")).map(|found| found.path.as_str()), Some("b"));
    }

    #[test]
    fn the_build_id_follows_content_names_and_migrations() {
        let base = manifest(vec![asset("a", "1")]).build_id;
        let with = |path: &str, content: &str| {
            let (path, digest) = (LogicalPath::new(path).expect(path), Digest::of(content.as_bytes()));
            let sources = vec![SourceFile { path, digest }];
            Manifest::new(Mode::Release, "/assets/".to_owned(), vec![asset("a", "1")], sources).build_id
        };
        assert_eq!(base, with("assets/a", "1"));
        assert_ne!(base, with("migrations/0001_a.sql", "1"));
        assert_ne!(with("migrations/0001_a.sql", "2"), with("migrations/0001_a.sql", "1"));
        assert_ne!(base, manifest(vec![asset("a", "2")]).build_id);
        assert_ne!(base, manifest(vec![asset("b", "1")]).build_id);
    }

    #[test]
    fn hashed_assets_have_their_origin_and_web_manifests_that_of_the_page() {
        let hashed = |path: &str, media_type: &str| Asset {
            exposure: Exposure::Hashed,
            media_type: media_type.to_owned(),
            ..asset(path, "")
        };
        let origin = Some("https://cdn.example".to_owned());
        let manifest = Manifest { asset_origin: origin, ..manifest(Vec::new()) };
        for (asset, url) in [
            (hashed("a.js", "text/javascript; charset=utf-8"), "https://cdn.example/a.js"),
            (hashed("a.webmanifest", "application/manifest+json; charset=utf-8"), "/a.webmanifest"),
            (asset("robots.txt", ""), "/robots.txt"),
        ] {
            assert_eq!(manifest.url_of(&asset).as_deref(), Some(url));
        }
    }

    #[test]
    fn only_development_allows_connections_to_the_watcher() {
        let connect = |mode| {
            let policy = SitePolicy::of(mode).base;
            policy.own(Directive::ConnectSrc).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(connect(Mode::Dev), ["'self'", "http://127.0.0.1:*"]);
        assert_eq!(connect(Mode::Release), ["'self'"]);
    }

    #[test]
    fn a_manifest_survives_json() {
        let written = manifest(vec![asset("a", "1")]);
        let json = serde_json::to_string(&written).expect("serialise");
        assert_eq!(serde_json::from_str::<Manifest>(&json).expect("parse"), written);
    }
}
