//! The routing table of URLs, made once for each manifest.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use globset::{GlobBuilder, GlobSet};
use kiln_manifest::{Asset, Exposure, Manifest, Policy, Variant};

use super::{
    AssetsError,
    embedded::{Contents, Embedded},
    freshness::Freshness,
    representation::Representations,
    request_path::RequestPath,
    security::{self, HeaderField},
    shared_head::HeadCache,
};

/// The page that is sent with status 404.
const NOT_FOUND_PAGE: &str = "404.html";

/// Routing table, with everything that is known before a request.
pub(super) struct Table {
    manifest: Arc<Manifest>,
    /// Keyed by the decoded path of the URL.
    routes: HashMap<Box<str>, Route>,
    /// URLs in the order of the manifest.
    urls: Box<[Option<Arc<str>>]>,
    not_found: Option<Representations>,
    /// The page for navigations to unknown URLs.
    spa: Option<Representations>,
    /// Paths at which a miss is none of the page's.
    not_spa: GlobSet,
    page_headers: Box<[HeaderField]>,
    contents: Contents,
}

/// Target of a URL.
pub(super) enum Route {
    /// An asset.
    Asset(Representations),
    /// A redirection to the canonical URL of a page: a relative reference, which holds behind a proxy that has removed a
    /// prefix of the path.
    Redirect(Box<str>),
}

impl Table {
    pub(super) fn build(manifest: &[u8], embedded: Embedded) -> Result<Self, AssetsError> {
        let manifest: Manifest = serde_json::from_slice(manifest)?;
        let contents = Contents::of(embedded);
        Ok(Self {
            routes: routes(&manifest, &contents)?,
            urls: manifest.assets.iter().map(|asset| manifest.url_of(asset).map(Arc::from)).collect(),
            not_found: not_found_page(&manifest, &contents)?,
            spa: spa_page(&manifest, &contents)?,
            not_spa: globs(&manifest.not_spa)?,
            page_headers: security::page_headers(&manifest.policy, &Policy::default()).into(),
            manifest: Arc::new(manifest),
            contents,
        })
    }

    /// The route of this path.
    pub(super) fn route(&self, path: &RequestPath<'_>) -> Option<&Route> {
        self.at(path.as_str())
    }

    /// The route of this path, if it is canonical already.
    pub(super) fn at(&self, path: &str) -> Option<&Route> {
        self.routes.get(path)
    }

    /// Whether every URL that begins like this path has a fingerprint, so that a miss is a mistake.
    pub(super) fn is_below_prefix(&self, path: &RequestPath<'_>) -> bool {
        path.as_str().starts_with(&self.manifest.prefix)
    }

    /// The page for navigations to unknown URLs below the mount.
    pub(super) fn spa(&self, path: &RequestPath<'_>) -> Option<&Representations> {
        let path = path.as_str();
        let page = self.spa.as_ref().filter(|_| path.starts_with(&self.manifest.mount))?;
        (!self.not_spa.is_match(path)).then_some(page)
    }

    /// The site's own `404.html`.
    pub(super) fn not_found(&self) -> Option<&Representations> {
        self.not_found.as_ref()
    }

    pub(super) fn page_headers(&self) -> Vec<HeaderField> {
        self.page_headers.to_vec()
    }

    pub(super) fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.manifest)
    }

    pub(super) fn asset(&self, name: &str) -> Option<&Asset> {
        self.position(name).map(|position| &self.manifest.assets[position])
    }

    pub(super) fn url(&self, name: &str) -> Option<Arc<str>> {
        self.urls[self.position(name)?].clone()
    }

    /// The bytes of a variant of one of the assets.
    pub(super) fn read(&self, variant: &Variant) -> Option<Cow<'static, [u8]>> {
        self.contents.read(variant).ok()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.manifest.assets.binary_search_by(|asset| asset.path.as_str().cmp(name)).ok()
    }
}

fn routes(manifest: &Manifest, contents: &Contents) -> Result<HashMap<Box<str>, Route>, AssetsError> {
    let mut routes = HashMap::with_capacity(manifest.assets.len());
    let mut heads = HeadCache::default();
    let served = || manifest.assets.iter().filter(|asset| asset.path.as_str() != NOT_FOUND_PAGE);
    for asset in served() {
        let Some(url) = asset.url.as_deref() else { continue };
        let freshness = Freshness::of(manifest.mode, asset.exposure);
        let representations = Representations::of(asset, &manifest.policy, freshness, contents, &mut heads)?;
        match routes.entry(decoded(asset, url)?) {
            Entry::Vacant(vacant) => vacant.insert(Route::Asset(representations)),
            Entry::Occupied(_) => {
                return Err(AssetsError::DuplicateUrl { path: asset.path.clone(), url: url.to_owned() });
            }
        };
    }
    // The URL of a page wins over a redirection with the same URL.
    for asset in served().filter(|asset| asset.exposure == Exposure::Page) {
        let Some(url) = asset.url.as_deref() else { continue };
        for (alias, location) in aliases(&manifest.mount, asset, url) {
            routes.entry(alias.into()).or_insert_with(|| Route::Redirect(location.into()));
        }
    }
    Ok(routes)
}

/// Alternative paths of a page, each with the relative reference to `url`: `/about.html` and `/about/` for `/about`;
/// `/docs`, `/docs/index` and `/docs/index.html` for `/docs/`.
fn aliases(mount: &str, page: &Asset, url: &str) -> Vec<(String, String)> {
    let file = format!("{mount}{}", page.path);
    let name = file.strip_suffix(".html").or_else(|| file.strip_suffix(".htm")).unwrap_or(&file);
    let (_, last) = url.rsplit_once('/').unwrap_or_default();
    let mut aliases = vec![
        (file.clone(), format!("./{last}")),
        (format!("{file}/"), format!("../{last}")),
        (format!("{name}/"), format!("../{last}")),
    ];
    if let Some(folder) = url.strip_suffix('/') {
        aliases.push((name.to_owned(), "./".to_owned()));
        let (_, last) = folder.rsplit_once('/').unwrap_or_default();
        let path = name.strip_suffix("/index").unwrap_or_default();
        aliases.push((path.to_owned(), format!("./{last}/")));
    }
    aliases.retain(|(alias, _)| !alias.is_empty());
    aliases
}

/// Globs in which `*` and `?` stop at `/`, as in the configuration of the build.
fn globs(patterns: &[String]) -> Result<GlobSet, AssetsError> {
    let glob = |pattern: &String| GlobBuilder::new(pattern).literal_separator(true).build();
    let globs: Result<Vec<_>, _> = patterns.iter().map(glob).collect();
    Ok(GlobSet::new(globs?)?)
}

fn not_found_page(manifest: &Manifest, contents: &Contents) -> Result<Option<Representations>, AssetsError> {
    manifest
        .assets
        .iter()
        .find(|asset| asset.exposure == Exposure::Page && asset.path.as_str() == NOT_FOUND_PAGE)
        .map(|asset| {
            Representations::of(
                asset,
                &manifest.policy,
                Freshness::NoStore,
                contents,
                &mut HeadCache::default(),
            )
        })
        .transpose()
}

fn spa_page(manifest: &Manifest, contents: &Contents) -> Result<Option<Representations>, AssetsError> {
    let page = manifest.spa.as_ref().and_then(|path| manifest.get(path));
    let freshness = |page: &Asset| Freshness::of(manifest.mode, page.exposure);
    page.map(|page| {
        Representations::of(page, &manifest.policy, freshness(page), contents, &mut HeadCache::default())
    })
    .transpose()
}

fn decoded(asset: &Asset, url: &str) -> Result<Box<str>, AssetsError> {
    match RequestPath::decode(url) {
        Ok(path) => Ok(path.as_str().into()),
        Err(_) => Err(AssetsError::Url { path: asset.path.clone(), url: url.to_owned() }),
    }
}
