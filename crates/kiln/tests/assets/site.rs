//! The site of the tests: the output of a build, made in memory.

use std::{borrow::Cow, collections::BTreeMap, net::SocketAddr, sync::OnceLock};

use actix_web::{App, HttpServer, dev::Service as _, web};
use kiln::{
    assets::Assets,
    manifest::{
        Asset, Coding, CorsSetting, Destination, Digest, Directive, Exposure, LogicalPath, Manifest, Mode,
        PACK_FILE, Place, Policy, PolicySource, Preload, Release, SitePolicy, SourceFile, Variant,
    },
};
use rust_embed::{EmbeddedFile, Metadata, RustEmbed};

use crate::{client::Request, loading::load};

pub(crate) const HOME: &str = "<!doctype html><title>Home</title>";
pub(crate) const MISSING: &str = "<!doctype html><title>Not here</title>";
pub(crate) const MODEL: &[u8] = b"weights";
pub(crate) const INLINE_SCRIPT: &str = "sha256-aW5saW5lIHNjcmlwdA==";
pub(crate) const INLINE_STYLE: &str = "sha256-aW5saW5lIHN0eWxl";

/// The files of one output folder.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A site under construction.
pub(crate) struct Build {
    mode: Mode,
    assets: Vec<Asset>,
    files: Files,
    mount: &'static str,
    asset_origin: Option<String>,
    spa: Option<LogicalPath>,
    sources: Vec<SourceFile>,
    policy: Option<SitePolicy>,
}

/// The site as embedded in a release: its bytes are `'static`.
pub(crate) struct Embedded;

/// A running server.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) assets: Assets,
}

impl Build {
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            mode,
            assets: Vec::new(),
            files: Files::new(),
            mount: "/",
            asset_origin: None,
            spa: None,
            sources: Vec::new(),
            policy: None,
        }
    }

    /// Adds an asset with these representations.
    pub(crate) fn with(
        mut self,
        exposure: Exposure,
        path: &str,
        url: Option<&str>,
        variants: &[(Coding, &[u8])],
    ) -> Self {
        let variants = variants.iter().map(|(coding, bytes)| self.variant(path, *coding, bytes)).collect();
        let mut policy = Policy::default();
        if path == "index.html" {
            policy.allow(Directive::ScriptSrc, source(&format!("'{INLINE_SCRIPT}'")));
            policy.allow(Directive::StyleSrc, source(&format!("'{INLINE_STYLE}'")));
        }
        let preloads = match exposure {
            Exposure::Page if path != "about.html" => vec![Preload {
                url: "/assets/app-0123456789abcdef.css".to_owned(),
                destination: Destination::Style,
                cors: CorsSetting::NoCors,
                integrity: None,
            }],
            _ => Vec::new(),
        };
        self.assets.push(Asset {
            path: LogicalPath::new(path).expect(path),
            exposure,
            url: url.map(str::to_owned),
            media_type: media_type(path).to_owned(),
            release: Release::Current,
            variants,
            imports: Vec::new(),
            preloads,
            headers: headers(path),
            policy,
        });
        self
    }

    /// Answers navigations to unknown URLs with this page.
    pub(crate) fn with_spa(self, page: &str) -> Self {
        Self { spa: Some(LogicalPath::new(page).expect(page)), ..self }
    }

    /// Sets the prefix below which the site is served.
    pub(crate) fn below(self, mount: &'static str) -> Self {
        Self { mount, ..self }
    }

    /// Sets the origin before the URLs of hashed assets.
    pub(crate) fn with_asset_origin(self, origin: &str) -> Self {
        Self { asset_origin: Some(origin.to_owned()), ..self }
    }

    /// Makes the last asset an entry, for which a page loads `preloads` and adds `policy` to its own.
    pub(crate) fn entry(mut self, preloads: Vec<Preload>, policy: Policy) -> Self {
        let last = self.assets.last_mut().expect("an asset");
        (last.preloads, last.policy) = (preloads, policy);
        self
    }

    /// Sets the policy of the site.
    pub(crate) fn with_policy(self, policy: SitePolicy) -> Self {
        Self { policy: Some(policy), ..self }
    }

    /// Records a source file.
    pub(crate) fn with_source(mut self, path: &str, content: &str) -> Self {
        let path = LogicalPath::new(path).expect(path);
        let digest = SourceFile::digest(&path, content.as_bytes()).expect("in memory");
        self.sources.push(SourceFile { path, digest });
        self
    }

    /// Moves all representations into the pack.
    pub(crate) fn packed(mut self) -> Self {
        let mut pack = Vec::new();
        for variant in self.assets.iter_mut().flat_map(|asset| &mut asset.variants) {
            variant.place = Place::Pack { offset: pack.len() as u64 };
            pack.extend(self.files.remove(&variant.file).expect("its file"));
        }
        self.files.insert(PACK_FILE.to_owned(), pack);
        self
    }

    pub(crate) fn finish(mut self) -> Files {
        let manifest = Manifest::new(self.mode, format!("{}assets/", self.mount), self.assets, self.sources);
        let policy = self.policy.unwrap_or_else(|| manifest.policy.clone());
        let not_spa = vec!["/api/**".to_owned(), "/static/**".to_owned()];
        let (mount, asset_origin) = (self.mount.to_owned(), self.asset_origin);
        let manifest = Manifest { mount, asset_origin, spa: self.spa, not_spa, policy, ..manifest };
        let manifest = serde_json::to_vec_pretty(&manifest).expect("a manifest");
        self.files.insert("manifest.json".to_owned(), manifest);
        self.files
    }

    fn variant(&mut self, path: &str, coding: Coding, bytes: &[u8]) -> Variant {
        let file = format!("public/{path}{}", coding.suffix());
        self.files.insert(file.clone(), bytes.to_vec());
        let (length, digest) = (bytes.len() as u64, Digest::of(bytes));
        Variant { coding, file, length, digest, place: Place::File }
    }
}

pub(crate) fn source(expression: &str) -> PolicySource {
    PolicySource::new(expression).expect(expression)
}

/// Files of [`site`].
pub(crate) fn release() -> Files {
    site().finish()
}

/// The site of most tests. Its coded bytes are placeholders, one letter each; no test decodes them.
pub(crate) fn site() -> Build {
    use Coding::{Brotli, Gzip, Identity, Zstd};
    use Exposure::{Hashed, Page, Private, Verbatim};
    let page = |title: &str| format!("<!doctype html><title>{title}</title>").into_bytes();
    Build::new(Mode::Release)
        .with(Page, "index.html", Some("/"), &[(Identity, HOME.as_bytes()), (Gzip, b"gzip of home")])
        .with(Page, "about.html", Some("/about"), &[(Identity, &page("About"))])
        .with(Page, "docs/index.html", Some("/docs/"), &[(Identity, &page("Docs"))])
        .with(Page, "404.html", Some("/404"), &[(Identity, MISSING.as_bytes()), (Gzip, b"gzip of 404")])
        .with(
            Hashed,
            "app.css",
            Some("/assets/app-0123456789abcdef.css"),
            &[(Identity, &[b'i'; 1000]), (Gzip, &[b'g'; 300]), (Zstd, &[b'z'; 250]), (Brotli, &[b'b'; 200])],
        )
        .with(Hashed, "big.bin", Some("/assets/big-0123456789abcdef.bin"), &[(Identity, &big())])
        .with(Verbatim, "robots.txt", Some("/robots.txt"), &[(Identity, b"0123456789")])
        .with(Verbatim, "a b.txt", Some("/a%20b.txt"), &[(Identity, b"spaced")])
        .with(Verbatim, "empty.txt", Some("/empty.txt"), &[(Identity, b"")])
        .with(Private, "model/model.onnx", None, &[(Identity, MODEL)])
}

/// A body of several slices, different everywhere.
pub(crate) fn big() -> Vec<u8> {
    (0..75_000_u32).flat_map(u32::to_be_bytes).collect()
}

impl RustEmbed for Embedded {
    fn get(file: &str) -> Option<EmbeddedFile> {
        embedded().get(file).map(|bytes| embedded_file(Cow::Borrowed(bytes)))
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        embedded().keys().map(|name| Cow::Borrowed(name.as_str()))
    }
}

fn embedded() -> &'static BTreeMap<String, &'static [u8]> {
    static FILES: OnceLock<BTreeMap<String, &'static [u8]>> = OnceLock::new();
    FILES.get_or_init(|| release().into_iter().map(|(name, bytes)| (name, &*bytes.leak())).collect())
}

pub(crate) fn embedded_file(data: Cow<'static, [u8]>) -> EmbeddedFile {
    EmbeddedFile { data, metadata: Metadata::__rust_embed_new([0; 32], None, None) }
}

impl Site {
    /// Serves [`release`] on a free port.
    pub(crate) fn start() -> Self {
        Self::serve(Assets::load::<Embedded>().expect("the site"))
    }

    /// Serves [`site`] as an application that routes in the browser.
    pub(crate) fn start_spa() -> Self {
        Self::serve(load(site().with_spa("docs/index.html").finish()).expect("the site"))
    }

    /// Serves `assets` below an application with one route of its own, and a middleware that waits, as
    /// most do: actix reads the next requests of a pipeline meanwhile.
    pub(crate) fn serve(assets: Assets) -> Self {
        Self::serve_by(assets, |config, assets| {
            config.default_service(assets.service());
        })
    }

    /// [`Self::serve`], with the assets mounted by `mount`.
    pub(crate) fn serve_by(assets: Assets, mount: fn(&mut web::ServiceConfig, &Assets)) -> Self {
        let mounted = assets.clone();
        let server = HttpServer::new(move || {
            App::new()
                .wrap_fn(|request, next| {
                    let answer = next.call(request);
                    async move {
                        tokio::task::yield_now().await;
                        answer.await
                    }
                })
                .route("/api/hello", web::get().to(async || "hello"))
                .configure(|config| mount(config, &mounted))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .expect("a free port");
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        Self { address, assets }
    }

    pub(crate) fn get(&self, target: &str) -> Request {
        self.request("GET", target)
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        Request::new(self.address, method, target)
    }

    /// The URL of an asset.
    pub(crate) fn url(&self, name: &str) -> String {
        self.assets.url(name).expect(name).to_string()
    }

    /// The entity tag of one representation of an asset.
    pub(crate) fn etag(&self, name: &str, coding: Coding) -> String {
        let manifest = self.assets.manifest();
        let asset = manifest.get(&LogicalPath::new(name).expect(name)).expect(name);
        asset.variant(coding).expect("a representation").digest.etag()
    }
}

/// Headers configured for two of the files.
fn headers(path: &str) -> Vec<(String, String)> {
    let fields: &[(&str, &str)] = match path {
        "big.bin" => &[("access-control-allow-origin", "*"), ("content-language", "de")],
        "a b.txt" => &[("cache-control", "public, max-age=60")],
        _ => &[],
    };
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "txt")) => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
