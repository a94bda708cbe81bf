//! Probes of orchestrators: liveness at `/livez`, readiness at `/readyz`.
//!
//! Both answer JSON: to the public with the phase alone, and on the admin listener with the build, the resources and the
//! seal as well. `/livez` is `200` as long as the process
//! answers at all; `/readyz` is `200` only while the phase is *ready* and every resource that is
//! [checked](crate::Lifespan::check_readiness) is available, and `503` otherwise.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;

use crate::{
    lifespan::{Lifespan, Readiness, Resource, Resources},
    phase::{Phase, Phases},
    seal,
};

const LIVE: &str = "/livez";
const READY: &str = "/readyz";

/// Whether a request with this method and target is one of a probe.
pub(crate) fn is_probe(method: &str, target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default();
    matches!(method, "GET" | "HEAD") && matches!(path, LIVE | READY)
}

/// Answers the probes of one application.
#[derive(Clone)]
pub(crate) struct Probes {
    phases: Phases,
    resources: Resources,
    readiness: Readiness,
    build: Option<String>,
    seal: seal::Report,
    audience: Audience,
}

/// Readers of the answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    Public,
    Operators,
}

#[derive(Serialize)]
struct Health<'a> {
    phase: Phase,
    #[serde(flatten)]
    details: Option<Details<'a>>,
}

/// Details for operators.
#[derive(Serialize)]
struct Details<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    build: Option<&'a str>,
    resources: Vec<Resource>,
    seal: &'a seal::Report,
}

impl Probes {
    pub(crate) fn new(
        phases: Phases,
        lifespan: &Lifespan,
        build: Option<String>,
        seal: seal::Report,
        audience: Audience,
    ) -> Self {
        let (resources, readiness) = (lifespan.resources(), lifespan.readiness());
        Self { phases, resources, readiness, build, seal, audience }
    }

    pub(crate) fn routes(&self, config: &mut web::ServiceConfig) {
        for (path, probe) in [(LIVE, Probe::Live), (READY, Probe::Ready)] {
            let probes = self.clone();
            let answer = move || {
                let probes = probes.clone();
                async move { probes.answer(probe).await }
            };
            config.service(
                web::resource(path).route(web::get().to(answer.clone())).route(web::head().to(answer)),
            );
        }
    }

    async fn answer(&self, probe: Probe) -> HttpResponse {
        let phase = self.phases.current();
        let status = match (probe, phase) {
            (Probe::Live, _) => StatusCode::OK,
            (Probe::Ready, Phase::Ready) => self.readiness_status().await,
            (Probe::Ready, _) => StatusCode::SERVICE_UNAVAILABLE,
        };
        let details = (self.audience == Audience::Operators).then(|| Details {
            build: self.build.as_deref(),
            resources: self.resources.list(),
            seal: &self.seal,
        });
        HttpResponse::build(status)
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(Health { phase, details })
    }

    async fn readiness_status(&self) -> StatusCode {
        self.readiness.run(&self.resources).await;
        if self.resources.are_available() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
    }
}

#[derive(Clone, Copy)]
enum Probe {
    Live,
    Ready,
}
