//! The acceptance of requests, decided by their heads alone.

use std::net::SocketAddr;

use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{StatusCode, header::HOST},
};

use super::{
    cross_site::{self, CrossSiteWrites},
    head_limits,
    hosts::AllowedHosts,
    options::ServerOptions,
};
use crate::probes;

/// Conditions under which a request is accepted.
#[derive(Clone)]
pub(super) struct Acceptance {
    max_head: usize,
    hosts: AllowedHosts,
    cross_site_writes: CrossSiteWrites,
}

impl Acceptance {
    pub(super) fn of(options: &ServerOptions, listener: SocketAddr) -> Self {
        let hosts = AllowedHosts::of(&options.hosts, listener);
        Self { max_head: options.max_head, hosts, cross_site_writes: options.cross_site_writes }
    }

    /// The error response to a request that is not accepted.
    pub(super) fn check(&self, request: &ServiceRequest) -> Option<HttpResponse> {
        if let Some(refusal) = head_limits::check(request, self.max_head) {
            return Some(refusal);
        }
        // A probe asks by the address, and learns nothing but the phase.
        let is_probe = probes::is_probe(request.method().as_str(), request.path());
        if !is_probe && !self.is_host_allowed(request) {
            let text = "421 Misdirected Request: this server does not answer for that host, see `--hosts`\n";
            return Some(HttpResponse::build(StatusCode::MISDIRECTED_REQUEST).body(text));
        }
        let allows_writes = self.cross_site_writes == CrossSiteWrites::Allowed;
        (!allows_writes && cross_site::is_cross_site_write(request)).then(|| {
            let text =
                "403 Forbidden: a page of another site may not write here; `--cross-site-writes` lets it\n";
            HttpResponse::Forbidden().body(text)
        })
    }

    /// Whether the host is one to answer for, in `Host` and in the target alike (RFC 9112 §3.2.2).
    fn is_host_allowed(&self, request: &ServiceRequest) -> bool {
        let host = request.headers().get(HOST).is_none_or(|host| self.hosts.allow(host.as_bytes()));
        let authority = request.uri().authority();
        host && authority.is_none_or(|authority| self.hosts.allow(authority.as_str().as_bytes()))
    }
}
