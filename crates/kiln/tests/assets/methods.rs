//! Methods (RFC 9110 §9.3).

use kiln::manifest::Coding;

use crate::{
    client::{Reply, exchange},
    site::{HOME, Site},
};

/// RFC 9110 §9.3.2: HEAD has the head of GET and no body.
#[actix_web::test]
async fn head_is_get_without_a_body() {
    let site = Site::start();
    for target in ["/".to_owned(), site.url("big.bin"), "/empty.txt".to_owned(), "/missing".to_owned()] {
        let get = site.get(&target).send().await;
        let head = site.request("HEAD", &target).send().await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{target}");
        for name in ["content-length", "content-type", "etag", "cache-control", "vary", "transfer-encoding"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {target}");
        }
        assert_eq!(head.header("content-length"), Some(&*get.body.len().to_string()), "{target}");
    }
}

/// RFC 9112 §9.3.2: pipelining.
#[actix_web::test]
async fn a_get_pipelined_after_a_head_is_answered() {
    let site = Site::start();
    let requests = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let wire = exchange(site.address, requests).await;
    let (head, rest) = Reply::parse(&wire, 0);
    let (get, rest) = Reply::parse(rest, rest.len());
    assert_eq!((head.status, head.header("content-length")), (200, Some(&*HOME.len().to_string())));
    assert_eq!((get.status, get.text(), rest.len()), (200, HOME, 0));
}

/// RFC 9110 §9.3.7.
#[actix_web::test]
async fn options_names_the_methods() {
    let site = Site::start();
    for target in ["/", "/robots.txt", "*"] {
        let reply = site.request("OPTIONS", target).send().await;
        assert_eq!((reply.status, reply.header("allow")), (204, Some("GET, HEAD, OPTIONS")), "{target}");
    }
}

/// RFC 9110 §15.5.6.
#[actix_web::test]
async fn other_methods_of_a_resource_are_405() {
    let site = Site::start();
    for method in ["POST", "PUT", "DELETE", "PATCH", "BREW"] {
        let reply = site.request(method, "/").send().await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{method}");
        assert_eq!(site.request(method, "/missing").send().await.status, 404, "{method}");
    }
}

/// RFC 9110 §13.2.1: conditions apply only where the response would be a success.
#[actix_web::test]
async fn conditions_do_not_change_a_405() {
    let site = Site::start();
    let etag = site.etag("index.html", Coding::Identity);
    assert_eq!(site.request("POST", "/").header("If-None-Match", &etag).send().await.status, 405);
}
