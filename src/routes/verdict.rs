//! `GET /f/{id}`: the page of one verdict, rendered here. Its asset references are checked when this
//! compiles.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ETag, EntityTag, Header, IfNoneMatch},
    web::{Data, Path},
};
use askama::Template;
use kiln::assets::RenderedPage;
use sha2::{Digest, Sha256};

use super::{identifications::find, problem::Problem};
use crate::{
    assets::{asset, asset_tags},
    identification::{Alternative, Identification},
    lifespan::State,
};

#[derive(Template)]
#[template(path = "verdict.html")]
struct VerdictPage {
    verdict: Identification,
    assets: RenderedPage,
}

impl VerdictPage {
    fn page_title(&self) -> String {
        let name = self.verdict.name.as_deref().unwrap_or("Something unnamed");
        format!("{name} is {} · Whatsit", self.verdict.label)
    }
}

impl Identification {
    fn percent(&self) -> String {
        percent(self.score)
    }

    /// In decimal units, as the front end writes it: `940 B`, `1.2 kB`, `64 MB`.
    fn human_size(&self) -> String {
        human_size(self.size)
    }
}

impl Alternative {
    fn percent(&self) -> String {
        percent(self.score)
    }
}

fn percent(score: f64) -> String {
    format!("{:.1}", score * 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
fn human_size(bytes: u64) -> String {
    let (mut value, mut units) = (bytes as f64, ["B", "kB", "MB", "GB", "TB"].iter());
    let mut unit = units.next();
    while value >= 999.5 && units.len() > 0 {
        value /= 1000.0;
        unit = units.next();
    }
    let digits = usize::from(bytes >= 1000 && value < 9.95);
    format!("{value:.digits$} {}", unit.copied().unwrap_or_default())
}

pub(super) async fn show(
    request: HttpRequest,
    id: Path<String>,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let Some(verdict) = find(&id, &state).await? else { return Ok(state.assets.not_found(&request)) };
    let assets = state.assets.page(asset_tags!("theme.js", "app.css", "app.tsx"));
    let headers = assets.headers();
    let page = VerdictPage { verdict, assets }.render().map_err(|error| {
        tracing::error!("the page of a verdict does not render: {error}");
        Problem::Internal
    })?;
    // Weak, for a proxy may compress the page.
    let tag = EntityTag::new_weak(hex::encode(&Sha256::digest(&page)[..16]));
    let is_known = is_known(&request, &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    for header in headers {
        response.insert_header(header);
    }
    response.insert_header((header::CACHE_CONTROL, "no-cache")).insert_header(ETag(tag));
    if is_known {
        return Ok(response.finish());
    }
    Ok(response.content_type("text/html; charset=utf-8").body(page))
}

/// Whether the client holds the page with this tag.
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(held)) => held.iter().any(|held| held.weak_eq(tag)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_two_digits_or_three() {
        for (bytes, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1234, "1.2 kB"),
            (12_345, "12 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (64_000_000, "64 MB"),
        ] {
            assert_eq!(human_size(bytes), shown);
        }
    }
}
