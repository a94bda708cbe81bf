//! `kiln::assets` in a server of actix without anything else of Kiln.

use actix_web::{App, HttpServer};
use kiln::assets::Assets;
use kiln_compare::{Embedded, address};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let assets = Assets::load::<Embedded>().expect("assets");
    let app = move || App::new().default_service(assets.service());
    HttpServer::new(app).workers(1).bind(address())?.run().await
}
