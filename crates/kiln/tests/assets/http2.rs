//! The site over TLS and HTTP/2: the responses of HTTP/1.1.

#[path = "../lifecycle/tls/certificates.rs"]
#[expect(dead_code, reason = "used by the tests of the lifecycle")]
mod certificates;
#[path = "../lifecycle/tls/client.rs"]
#[expect(dead_code, reason = "used by the tests of the lifecycle")]
mod client;

use std::{net::TcpListener, num::NonZeroUsize, thread::JoinHandle};

use actix_web::rt::System;
use http::{HeaderValue, Method};
use kiln::{
    Application, Error, ServerOptions, Shutdown,
    assets::Assets,
    manifest::Coding,
    tls::{Tls, TlsOptions},
};

use self::{
    certificates::Authority,
    client::{Answer, Client, request},
};
use crate::site::{Embedded, HOME, MISSING, Site, big};

struct Secure {
    site: Site,
    client: Client,
    shutdown: Shutdown,
    thread: JoinHandle<Result<(), Error>>,
}

impl Secure {
    async fn start() -> Self {
        let authority = Authority::new();
        let issued = authority.issue("first.test");
        let options = TlsOptions { files: issued.files(), hsts_max_age: TlsOptions::HSTS_MAX_AGE };
        let tls = Tls::load(&options).expect("a certificate");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let assets = Assets::load::<Embedded>().expect("the site");
        let (shutdown, served) = (Shutdown::new(), assets.clone());
        let asked = shutdown.clone();
        let thread = std::thread::spawn(move || {
            System::new().block_on(async {
                let options = ServerOptions { workers: NonZeroUsize::new(1), ..ServerOptions::default() };
                let application = Application::build(
                    options,
                    listener,
                    asked,
                    async |_| Ok(served),
                    |assets, config| {
                        config.default_service(assets.service());
                    },
                );
                application.await?.with_tls(Some(tls)).run().await
            })
        });
        let client = Client::connect(address, authority.roots()).await.expect("it listens");
        Self { site: Site { address, assets }, client, shutdown, thread }
    }

    async fn ask(&mut self, method: Method, path: &str, fields: &[(&'static str, &str)]) -> Answer {
        let mut request = request(method, path);
        for (name, value) in fields {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a value"));
        }
        self.client.ask(request).await.expect("an answer")
    }

    async fn get(&mut self, path: &str, fields: &[(&'static str, &str)]) -> Answer {
        self.ask(Method::GET, path, fields).await
    }

    async fn end(mut self) {
        self.shutdown.drain();
        self.client.closed().await.expect("closed in order");
        self.thread.join().expect("it does not panic").expect("a clean end");
    }
}

#[actix_web::test]
async fn a_site_is_the_same_over_http_2() {
    let mut secure = Secure::start().await;
    for (path, status, body, cache_control) in [
        ("/", 200, HOME, "no-cache"),
        ("/robots.txt", 200, "0123456789", "no-cache"),
        ("/empty.txt", 200, "", "no-cache"),
        ("/missing", 404, MISSING, "no-store"),
        ("/assets/missing", 404, "Not Found", "no-store"),
    ] {
        let answer = secure.get(path, &[]).await;
        assert_eq!((answer.status(), answer.text()), (status, body), "{path}");
        assert_eq!(answer.header("cache-control"), Some(cache_control), "{path}");
        assert_eq!(answer.header("content-length"), Some(&*body.len().to_string()), "{path}");
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"), "{path}");
        assert_eq!(answer.header("connection"), None, "{path}");
    }
    let (moved, refused) = (secure.get("/docs", &[]).await, secure.ask(Method::DELETE, "/", &[]).await);
    assert_eq!((moved.status(), moved.header("location")), (308, Some("./docs/")));
    assert_eq!((refused.status(), refused.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
    secure.end().await;
}

/// RFC 9110 §12.5.3, §13 and §9.3.2.
#[actix_web::test]
async fn a_representation_is_chosen_and_revalidated_over_http_2() {
    let mut secure = Secure::start().await;
    let url = secure.site.url("app.css");
    for (accepted, coding) in [("gzip, br", Coding::Brotli), ("gzip", Coding::Gzip), ("", Coding::Identity)] {
        let etag = secure.site.etag("app.css", coding);
        let answer = secure.get(&url, &[("accept-encoding", accepted)]).await;
        let expected = Some(coding.token()).filter(|_| coding != Coding::Identity);
        assert_eq!((answer.status(), answer.header("content-encoding")), (200, expected), "{accepted}");
        assert_eq!((answer.header("etag"), answer.header("vary")), (Some(&*etag), Some("Accept-Encoding")));
        let length = answer.body.len().to_string();
        assert_eq!(answer.header("content-length"), Some(&*length), "{accepted}");

        let head = secure.ask(Method::HEAD, &url, &[("accept-encoding", accepted)]).await;
        assert_eq!((head.header("content-length"), head.text()), (Some(&*length), ""), "{accepted}");
        let fields = [("accept-encoding", accepted), ("if-none-match", &etag)];
        let unchanged = secure.get(&url, &fields).await;
        assert_eq!((unchanged.status(), unchanged.header("etag")), (304, Some(&*etag)), "{accepted}");
        assert_eq!((unchanged.header("content-length"), unchanged.text()), (None, ""), "{accepted}");
    }
    assert_eq!(secure.get(&url, &[("accept-encoding", "*;q=0")]).await.status(), 406);
    secure.end().await;
}

/// RFC 9110 §14.
#[actix_web::test]
async fn large_bodies_and_ranges_arrive_over_http_2() {
    let mut secure = Secure::start().await;
    let url = secure.site.url("big.bin");
    let whole = secure.get(&url, &[]).await;
    assert_eq!(whole.header("content-length"), Some("300000"));
    assert!(whole.body == big());
    let part = secure.get(&url, &[("range", "bytes=65000-200000")]).await;
    assert_eq!((part.status(), part.header("content-range")), (206, Some("bytes 65000-200000/300000")));
    assert!(part.body == big()[65_000..=200_000]);
    let beyond = secure.get(&url, &[("range", "bytes=300000-")]).await;
    assert_eq!((beyond.status(), beyond.header("content-range")), (416, Some("bytes */300000")));
    secure.end().await;
}
