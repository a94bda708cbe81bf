//! What an orchestrator asks: does the process live (`/livez`), and may it be sent requests (`/readyz`)?
//!
//! Both answer JSON with the phase, the resources and the seal. `/livez` is `200` as long as the process
//! answers at all; `/readyz` is `200` only while the phase is *ready*, and `503` otherwise.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::Serialize;

use crate::{
    lifespan::{Resource, Resources},
    phase::{Phase, Phases},
    seal,
};

/// Answers the probes of one application.
#[derive(Clone)]
pub(crate) struct Probes {
    phases: Phases,
    resources: Resources,
    seal: seal::Report,
}

#[derive(Serialize)]
struct Health<'a> {
    phase: Phase,
    resources: Vec<Resource>,
    seal: &'a seal::Report,
}

impl Probes {
    pub(crate) fn new(phases: Phases, resources: Resources, seal: seal::Report) -> Self {
        Self { phases, resources, seal }
    }

    pub(crate) fn routes(&self, config: &mut web::ServiceConfig) {
        for (path, question) in [("/livez", Question::Alive), ("/readyz", Question::Ready)] {
            let probes = self.clone();
            let answer = move || std::future::ready(probes.answer(question));
            config.service(
                web::resource(path).route(web::get().to(answer.clone())).route(web::head().to(answer)),
            );
        }
    }

    fn answer(&self, question: Question) -> HttpResponse {
        let phase = self.phases.current();
        let status = match (question, phase) {
            (Question::Alive, _) | (Question::Ready, Phase::Ready) => StatusCode::OK,
            (Question::Ready, _) => StatusCode::SERVICE_UNAVAILABLE,
        };
        HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "no-store")).json(Health {
            phase,
            resources: self.resources.list(),
            seal: &self.seal,
        })
    }
}

#[derive(Clone, Copy)]
enum Question {
    Alive,
    Ready,
}
