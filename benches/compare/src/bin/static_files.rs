//! actix-web-static-files, as its README shows it.

use actix_web::{App, HttpServer};
use actix_web_static_files::ResourceFiles;
use kiln_compare::address;

include!(concat!(env!("OUT_DIR"), "/generated.rs"));

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let app = || App::new().service(ResourceFiles::new("/", generate()));
    HttpServer::new(app).workers(1).bind(address())?.run().await
}
