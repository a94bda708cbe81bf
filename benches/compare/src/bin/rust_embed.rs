//! rust-embed and actix, in the way that tutorials show: look the file up, guess its type, send its bytes.

use actix_web::{App, HttpResponse, HttpServer, web};
use kiln_compare::address;

#[derive(rust_embed::RustEmbed)]
#[folder = "$OUT_DIR/plain"]
struct Files;

async fn file(path: web::Path<String>) -> HttpResponse {
    let name = if path.is_empty() { "index.html" } else { path.as_str() };
    let Some(file) = Files::get(name) else {
        return HttpResponse::NotFound().body("404 Not Found");
    };
    let media_type = mime_guess::from_path(name).first_or_octet_stream();
    HttpResponse::Ok().content_type(media_type.as_ref()).body(file.data.into_owned())
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let app = || App::new().route("/{path:.*}", web::get().to(file));
    HttpServer::new(app).workers(1).bind(address())?.run().await
}
