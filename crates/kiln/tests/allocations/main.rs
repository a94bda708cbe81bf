//! Heap allocations per request: a head, and never a copy of a body.
//!
//! A process of its own, because its allocator counts: from a parsed request to the last slice of its response. A
//! bare handler that returns fixed bytes is the baseline.

use std::{borrow::Cow, sync::OnceLock};

use actix_web::{
    App, HttpResponse,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    http::StatusCode,
    test::{TestRequest, init_service},
    web::{self, Bytes},
};
use allocation_counter::{AllocationInfo, measure};
use futures_util::{FutureExt, StreamExt, stream};
use kiln::{
    assets::Assets,
    manifest::{
        Asset, Coding, Digest, Exposure, LogicalPath, MANIFEST_FILE, Manifest, Mode, Place, Policy, Release,
        Variant,
    },
};
use rust_embed::{EmbeddedFile, Metadata, RustEmbed};

const CSS: &str = "/assets/app-0123456789abcdef.css";
const LARGE: &str = "/assets/large-0123456789abcdef.bin";
/// Embedded files: names and bytes.
static FILES: [(&str, &[u8]); 3] =
    [("app.css", &[b'i'; 20_000]), ("app.css.br", &[b'b'; 4_000]), ("large.bin", &[b'l'; 5_000_000])];

struct Embedded;

impl RustEmbed for Embedded {
    fn get(file: &str) -> Option<EmbeddedFile> {
        static MANIFEST: OnceLock<Vec<u8>> = OnceLock::new();
        let manifest = || MANIFEST.get_or_init(|| serde_json::to_vec(&manifest()).expect("a manifest"));
        let data = match file {
            MANIFEST_FILE => manifest().as_slice(),
            file => FILES.iter().find(|(name, _)| *name == file)?.1,
        };
        let metadata = Metadata::__rust_embed_new([0; 32], None, None);
        Some(EmbeddedFile { data: Cow::Borrowed(data), metadata })
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        FILES.iter().map(|(name, _)| Cow::Borrowed(*name))
    }
}

fn manifest() -> Manifest {
    let variant = |coding, position: usize| {
        let (file, bytes) = FILES[position];
        let (length, digest) = (bytes.len() as u64, Digest::of(bytes));
        Variant { coding, file: file.to_owned(), length, digest, place: Place::File }
    };
    let asset = |path: &str, url: &str, variants| Asset {
        path: LogicalPath::new(path).expect(path),
        exposure: Exposure::Hashed,
        url: Some(url.to_owned()),
        media_type: "text/css; charset=utf-8".to_owned(),
        release: Release::Current,
        variants,
        imports: Vec::new(),
        preloads: Vec::new(),
        headers: Vec::new(),
        policy: Policy::default(),
    };
    let css = vec![variant(Coding::Identity, 0), variant(Coding::Brotli, 1)];
    let assets =
        vec![asset("app.css", CSS, css), asset("large.bin", LARGE, vec![variant(Coding::Identity, 2)])];
    Manifest::new(Mode::Release, "/assets/".to_owned(), assets, Vec::new())
}

/// Status and body length of a warm response, and its allocations.
fn cost<R, B: MessageBody + Unpin>(
    service: &impl Service<R, Response = ServiceResponse<B>, Error = actix_web::Error>,
    request: impl Fn() -> R,
) -> (StatusCode, usize, AllocationInfo) {
    let answer = |request| {
        let response = service.call(request).now_or_never().expect("an answer at once").expect("an answer");
        let status = response.status();
        let mut body = response.into_body();
        let mut slices = stream::poll_fn(|context| std::pin::Pin::new(&mut body).poll_next(context));
        let mut length = 0;
        while let Some(Ok(slice)) = slices.next().now_or_never().expect("a slice at once") {
            length += slice.len();
        }
        (status, length)
    };
    for _ in 0..3 {
        answer(request());
    }
    let request = request();
    let mut sent = (StatusCode::OK, 0);
    let counted = measure(|| sent = answer(request));
    (sent.0, sent.1, counted)
}

/// A request with the `Accept-Encoding` of a browser.
fn browser(url: &str) -> TestRequest {
    TestRequest::get().uri(url).insert_header(("Accept-Encoding", "gzip, deflate, br, zstd"))
}

/// Allocations of a handler that returns fixed bytes with one header: the baseline.
async fn bare() -> AllocationInfo {
    let handler = async || HttpResponse::Ok().content_type("text/css").body(Bytes::from_static(FILES[1].1));
    let service = init_service(App::new().route(CSS, web::get().to(handler))).await;
    let (status, length, counted) = cost(&service, || browser(CSS).to_request());
    assert_eq!((status, length), (StatusCode::OK, 4_000));
    counted
}

#[actix_web::test]
async fn an_asset_allocates_no_more_than_a_bare_handler() {
    let assets = Assets::load::<Embedded>().expect("assets");
    let service = init_service(App::new().default_service(assets.service())).await;
    let bare = bare().await;
    let etag = Digest::of(FILES[1].1).etag();
    let unchanged = || browser(CSS).insert_header(("If-None-Match", etag.as_str())).to_request();
    let range = || browser(LARGE).insert_header(("Range", "bytes=1-4999999")).to_request();
    for (name, (status, length, counted), expected, more) in [
        // actix boxes the future of each service; Kiln allocates nothing.
        ("a style sheet", cost(&service, || browser(CSS).to_request()), (StatusCode::OK, 4_000), 0),
        ("a 304", cost(&service, unchanged), (StatusCode::NOT_MODIFIED, 0), 0),
        // A body of several slices is a stream, and actix boxes streams.
        ("5 MB", cost(&service, || browser(LARGE).to_request()), (StatusCode::OK, 5_000_000), 1),
        // `Content-Range` is formatted as text, and as a header.
        ("a range", cost(&service, range), (StatusCode::PARTIAL_CONTENT, 4_999_999), 4),
    ] {
        println!("{name}: {counted:?}; bare: {bare:?}");
        assert_eq!((status, length), expected, "{name}");
        assert!(counted.count_total <= bare.count_total + more, "{name}: {counted:?}, bare: {bare:?}");
        // A slice is 64 KiB, a body up to 5 MB: no allocation may hold either.
        assert!(counted.bytes_total <= bare.bytes_total + 512, "{name}: {counted:?}, bare: {bare:?}");
    }
}
