//! The server under test: an application with two assets and a route, which runs in this process as long as the fuzzer.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    num::NonZeroUsize,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use actix_web::{HttpResponse, rt::System, web};
use kiln::{
    Application, Lifespan, ServerOptions, StartUpError,
    assets::Assets,
    manifest::{
        Asset, Coding, Digest, Exposure, LogicalPath, Manifest, Mode, Place, Policy, Release, Variant,
    },
};
use rust_embed::{EmbeddedFile, Metadata, RustEmbed};

/// The field by which [`executions`] are told from other responses.
pub const EXECUTED: &str = "x-executed";

/// Time after which the server counts as hanging, shorter than the fuzzer's own.
const PATIENCE: Duration = Duration::from_secs(30);
/// Time-out of clients, which a slow machine may make slow.
const LONG: Duration = Duration::from_hours(1);
/// Time between the parts of a stream, in which the server reads what has been sent.
const PAUSE: Duration = Duration::from_micros(30);
const FILES: [(&str, &str, &str); 2] =
    [("index.html", "/", "<!doctype html><title>Home</title>"), ("a.txt", "/a.txt", "0123456789")];

static EXECUTIONS: AtomicUsize = AtomicUsize::new(0);

/// Number of requests for which the route has been executed.
#[must_use]
pub fn executions() -> usize {
    EXECUTIONS.load(SeqCst)
}

/// Sends the parts in writes of their own and ends the input, and returns all that comes back.
///
/// # Panics
/// When the server does not end the connection in order.
#[must_use]
pub fn exchange(parts: &[&[u8]]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address()).expect("a connection");
    stream.set_nodelay(true).expect("an option");
    stream.set_read_timeout(Some(PATIENCE)).expect("an option");
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            thread::sleep(PAUSE);
        }
        // The server may have given its last response, and closed.
        if stream.write_all(part).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    let mut wire = Vec::new();
    stream.read_to_end(&mut wire).expect("an end in order");
    wire
}

/// The address of the server, which starts with the first call.
fn address() -> SocketAddr {
    static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
    *ADDRESS.get_or_init(|| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || System::new().block_on(run(listener)));
        address
    })
}

async fn run(listener: TcpListener) {
    let options = ServerOptions {
        workers: NonZeroUsize::new(1),
        keep_alive: LONG,
        request_head_timeout: LONG,
        body_timeout: LONG,
        disconnect_timeout: LONG,
        ..ServerOptions::default()
    };
    let start = async |_: &mut Lifespan| {
        let assets = Assets::load::<Site>().expect("the site");
        Ok::<_, StartUpError>(assets)
    };
    let routes = |assets: &Assets, routes: &mut web::ServiceConfig| {
        routes.route("/echo", web::post().to(echo)).default_service(assets.service());
    };
    let built = Application::build(options, listener, kiln::Shutdown::new(), start, routes).await;
    let application = built.expect("an application").with_assets(|assets| assets);
    application.run().await.expect("it serves as long as the fuzzer runs");
}

async fn echo(body: web::Bytes) -> HttpResponse {
    EXECUTIONS.fetch_add(1, SeqCst);
    HttpResponse::Ok().insert_header((EXECUTED, "1")).body([b"echo ", &*body].concat())
}

/// The embedded site.
struct Site;

impl RustEmbed for Site {
    fn get(file: &str) -> Option<EmbeddedFile> {
        let data = Cow::Borrowed(site().get(file)?.as_slice());
        Some(EmbeddedFile { data, metadata: Metadata::__rust_embed_new([0; 32], None, None) })
    }

    fn iter() -> impl Iterator<Item = Cow<'static, str>> + 'static {
        site().keys().map(|name| Cow::Borrowed(name.as_str()))
    }
}

fn site() -> &'static BTreeMap<String, Vec<u8>> {
    static SITE: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    SITE.get_or_init(|| {
        let assets = FILES.map(|(path, url, text)| asset(path, url, text.as_bytes())).into();
        let manifest = Manifest::new(Mode::Release, "/assets/".to_owned(), assets, Vec::new());
        let files = FILES.map(|(path, _, text)| (format!("public/{path}"), text.as_bytes().to_vec()));
        let manifest = serde_json::to_vec(&manifest).expect("a manifest");
        files.into_iter().chain([("manifest.json".to_owned(), manifest)]).collect()
    })
}

fn asset(path: &str, url: &str, content: &[u8]) -> Asset {
    let (length, digest) = (content.len() as u64, Digest::of(content));
    let file = format!("public/{path}");
    Asset {
        path: LogicalPath::new(path).expect(path),
        exposure: if url == "/" { Exposure::Page } else { Exposure::Verbatim },
        url: Some(url.to_owned()),
        media_type: "text/plain".to_owned(),
        release: Release::Current,
        variants: vec![Variant { coding: Coding::Identity, file, length, digest, place: Place::File }],
        imports: Vec::new(),
        preloads: Vec::new(),
        headers: Vec::new(),
        policy: Policy::default(),
    }
}
