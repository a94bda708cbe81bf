//! The limit inside the framework: a handler for each URL that returns fixed bytes, of the least work.

use actix_web::{App, HttpResponse, HttpServer, http::header, web};
use kiln::{
    assets::Assets,
    manifest::{Asset, PACK_FILE, Place, Variant},
};
use kiln_compare::{Embedded, address};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let manifest = Assets::load::<Embedded>().expect("assets").manifest();
    let app = move || {
        let routes = |routes: &mut web::ServiceConfig| {
            for asset in manifest.assets.iter().filter(|asset| asset.url.is_some()) {
                route(routes, asset);
            }
            routes.route("/304", web::get().to(unchanged));
        };
        App::new().configure(routes)
    };
    HttpServer::new(app).workers(1).bind(address())?.run().await
}

fn route(routes: &mut web::ServiceConfig, asset: &Asset) {
    let smallest = asset.variants.iter().min_by_key(|variant| variant.length).expect("a variant");
    let bytes: &'static [u8] = bytes(smallest).leak();
    let media_type: &'static str = asset.media_type.clone().leak();
    let coding = smallest.coding.token();
    let fixed = move || async move {
        let mut response = HttpResponse::Ok();
        response.content_type(media_type);
        if coding != "identity" {
            response.insert_header((header::CONTENT_ENCODING, coding));
        }
        response.body(bytes)
    };
    routes.route(asset.url.as_deref().expect("a URL"), web::get().to(fixed));
}

fn bytes(variant: &Variant) -> Vec<u8> {
    let read = |file: &str| Embedded::get(file).expect(file).data;
    match variant.place {
        Place::File => read(&variant.file).into_owned(),
        Place::Pack { offset } => read(PACK_FILE)[offset as usize..][..variant.length as usize].to_vec(),
    }
}

async fn unchanged() -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, r#""0123456789abcdef""#)).finish()
}
