//! A page that askama renders, with the scripts and styles of `assets/` and an inline script that a nonce allows:
//! `cargo run --example nonce`. At `/refused` the policy does not know the nonce, and the browser does not run the script.

use actix_web::{
    HttpResponse,
    error::ErrorInternalServerError,
    web::{self, Data, ServiceConfig},
};
use askama::Template;
use kiln::{
    CommandLine, Exit, Lifespan, StartUpError,
    assets::{Assets, RenderedPage},
    manifest::{Directive, PolicySource},
};

kiln::embed!();

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="{{ icon }}">
<title>Nonce</title>
{{ assets|safe }}
<script nonce="{{ nonce }}">addEventListener("DOMContentLoaded", () => (document.body.dataset.outcome = "ran"))</script>
<body><p>Rendered</p></body>
</html>"#
)]
struct Page<'a> {
    assets: &'a RenderedPage,
    nonce: String,
    icon: &'static str,
}

fn main() -> Exit {
    CommandLine::of::<Embedded>()
        .serve(|server, ()| server.start(start).routes(routes).assets(|assets| assets))
}

async fn start(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
    lifespan.open("assets", async { Assets::load::<Embedded>() }).await
}

fn routes(assets: &Assets, config: &mut ServiceConfig) {
    config
        .route("/nonce", web::get().to(allowed))
        .route("/refused", web::get().to(refused))
        .default_service(assets.service());
}

async fn allowed(assets: Data<Assets>) -> actix_web::Result<HttpResponse> {
    let nonce = nonce()?;
    let source = PolicySource::new(format!("'nonce-{nonce}'")).map_err(ErrorInternalServerError)?;
    let page = assets.page(asset_tags!("app.css")).allow(Directive::ScriptSrc, source);
    answer(&page, nonce)
}

async fn refused(assets: Data<Assets>) -> actix_web::Result<HttpResponse> {
    answer(&assets.page(asset_tags!("app.css")), nonce()?)
}

/// A word that nobody can guess, another for each answer (CSP Level 3 §7.1: 128 bits).
fn nonce() -> actix_web::Result<String> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(ErrorInternalServerError)?;
    Ok(hex::encode(nonce))
}

/// The page under its policy.
fn answer(assets: &RenderedPage, nonce: String) -> actix_web::Result<HttpResponse> {
    let page = Page { assets, nonce, icon: asset!("favicon.svg") };
    let html = page.render().map_err(ErrorInternalServerError)?;
    let mut response = HttpResponse::Ok();
    for header in assets.headers() {
        response.insert_header(header);
    }
    Ok(response.content_type("text/html; charset=utf-8").body(html))
}
