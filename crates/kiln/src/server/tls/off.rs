//! The TLS server without the feature `tls`, which no value can ask for.

use std::io;

use actix_web::dev::Server;

use super::{activity::Activity, application::Application};
use crate::tls::Tls;

pub(super) fn server<S>(_: &Application<S>, _: &Activity, tls: &Tls) -> io::Result<Server> {
    match tls.0 {}
}
