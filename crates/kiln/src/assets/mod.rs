//! The embedded assets, and responses for their URLs.
//!
//! This module owns everything between the bytes in the executable and the wire. Its files stand in the order in which
//! data passes through them. At start-up, `embedded` reads the files, `freshness`, `security`, `preload`, `shared_head`
//! and `representation` make the heads of their responses, `table` routes URLs to them, and `resolver` alone decides
//! which table is current. For a request, `request_path` decodes the path; `list_field`, `accept_encoding`,
//! `entity_tag`, `precondition` and `range` read its fields; `respond` decides; `body` hands out slices of the
//! executable; `prepared` does all of that at once for the fast path. `rendered_page` is for pages of the application's own. `verify`, `compare` and `export` serve the
//! command line.
//!
//! ```
//! # use std::borrow::Cow;
//! # struct Embedded;
//! # impl rust_embed::RustEmbed for Embedded {
//! #     fn get(_: &str) -> Option<rust_embed::EmbeddedFile> { None }
//! #     fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static { std::iter::empty() }
//! # }
//! use actix_web::{App, HttpServer, web};
//! use kiln::assets::{Assets, AssetsError};
//!
//! // #[derive(rust_embed::RustEmbed)]
//! // #[folder = "$OUT_DIR/kiln"]
//! // struct Embedded;
//! fn serve() -> Result<(), AssetsError> {
//!     let assets = Assets::load::<Embedded>()?;
//!     let server = HttpServer::new(move || {
//!         App::new()
//!             .route("/api/hello", web::get().to(async || "hello"))
//!             .default_service(assets.service())
//!     });
//!     # drop(server);
//!     Ok(())
//! }
//! # assert!(serve().is_err(), "nothing is embedded here");
//! ```

// At start-up.
mod embedded;
mod error;
mod freshness;
mod preload;
mod representation;
mod resolver;
mod security;
mod shared_head;
mod table;

// For pages that the application renders.
mod rendered_page;

// For a request.
mod accept_encoding;
mod body;
mod entity_tag;
mod list_field;
mod navigation;
mod precondition;
mod prepared;
mod range;
mod request_path;
mod respond;

// For the command line.
mod compare;
mod export;
mod verify;

// For fuzz targets and tests.
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod properties;

use std::{borrow::Cow, fmt, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse, fn_service},
    http::header::{HeaderName, HeaderValue},
    web::Bytes,
};
use kiln_manifest::{Coding, Manifest, Mode};
use rust_embed::RustEmbed;

pub use compare::{CompareError, Comparison, Difference};
pub use error::AssetsError;
pub use export::{ExportError, Exported};
pub use rendered_page::{AssetTags, RenderedPage};
pub use verify::{Audit, Fault};

use embedded::Embedded;
pub(crate) use prepared::{PlainGet, Prepared};
use resolver::Resolver;

/// The assets of one executable, ready to be served; a clone shares them.
#[derive(Clone)]
pub struct Assets {
    resolver: Arc<Resolver>,
}

impl Assets {
    /// Reads the manifest that `E` embeds and prepares a response for each of its URLs.
    ///
    /// # Errors
    /// When `E` holds no manifest, or the manifest and the files do not fit each other.
    pub fn load<E: RustEmbed>() -> Result<Self, AssetsError> {
        let resolver = Arc::new(Resolver::load(Embedded::of::<E>())?);
        Ok(Self { resolver })
    }

    /// The last service of an application, for requests that none of its routes has matched.
    ///
    /// ```no_run
    /// # use actix_web::App;
    /// # fn app(assets: kiln::assets::Assets) {
    /// App::new().default_service(assets.service());
    /// # }
    /// ```
    #[must_use]
    pub fn service(
        &self,
    ) -> impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    > + 'static {
        let assets = self.clone();
        fn_service(move |request: ServiceRequest| {
            let response = assets.respond(request.request());
            std::future::ready(Ok(request.into_response(response)))
        })
    }

    /// Answers a request for an asset.
    #[must_use]
    pub fn respond(&self, request: &HttpRequest) -> HttpResponse {
        respond::respond(&self.resolver.table(), request)
    }

    /// Answers a GET or HEAD request for the URL of an asset, before any route.
    pub(crate) fn respond_early(&self, request: &HttpRequest) -> Option<HttpResponse> {
        respond::respond_early(&self.resolver.table(), request)
    }

    /// A 404 response: the site's `404.html`, or plain text when it has none.
    #[must_use]
    pub fn not_found(&self, request: &HttpRequest) -> HttpResponse {
        respond::not_found(&self.resolver.table(), request)
    }

    /// A page that the application renders, with these scripts and style sheets: their tags, and the headers of the
    /// answer.
    ///
    /// ```ignore
    /// let page = state.assets.page(asset_tags!("app.css", "app.ts"));
    /// let mut response = HttpResponse::Ok();
    /// page.headers().into_iter().for_each(|header| drop(response.insert_header(header)));
    /// response.content_type("text/html; charset=utf-8").body(MyTemplate { page }.render()?)
    /// ```
    #[must_use]
    pub fn page(&self, tags: AssetTags) -> RenderedPage {
        RenderedPage::new(&self.resolver.table(), tags)
    }

    /// The security headers of a page that the application renders without scripts and style sheets of the build: those
    /// of embedded pages, without permission for any inline script or style. [`page`](Self::page) gives those of others.
    #[must_use]
    pub fn page_headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        self.resolver.table().page_headers()
    }

    /// The URL under which the asset called `name` is served; none for private and unknown names.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<Arc<str>> {
        self.resolver.table().url(name)
    }

    /// The bytes of the asset called `name`, private ones included; not a copy when they are embedded.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Bytes> {
        self.contents(name).map(embedded::into_bytes)
    }

    /// Like [`get`](Self::get), for callers that need a `&'static [u8]` when there is one: borrowed from the
    /// executable when embedded, owned when read from the folder of a debug build.
    #[must_use]
    pub fn contents(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        let read = || {
            let table = self.resolver.table();
            table.read(table.asset(name)?.variant(Coding::Identity)?)
        };
        // A watcher may take the file away between the two looks; the next table knows where it is then.
        read().or_else(read)
    }

    /// The manifest of the build.
    #[must_use]
    pub fn manifest(&self) -> Arc<Manifest> {
        self.resolver.table().manifest()
    }

    /// The mode of the build.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.manifest().mode
    }
}

impl fmt::Debug for Assets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let manifest = self.manifest();
        f.debug_struct("Assets")
            .field("build_id", &manifest.build_id)
            .field("assets", &manifest.assets.len())
            .finish_non_exhaustive()
    }
}
