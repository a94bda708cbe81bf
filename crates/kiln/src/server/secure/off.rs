//! What is left of a server of TLS without the feature `tls`: one that nobody can ask for.

use std::io;

use actix_web::{App, dev::Server};

use super::{Application, activity::Activity, http::Answers};
use crate::tls::Tls;

pub(super) fn server<S, A: Answers>(
    _application: &Application<S>,
    _activity: &Activity,
    tls: &Tls,
    _app: impl Fn() -> App<A>,
) -> io::Result<Server> {
    match tls.0 {}
}
