//! Source maps without the toolchain: no compiler makes one.

use std::convert::Infallible;

use super::edit::Edit;

#[derive(Debug)]
pub(crate) struct Map(Box<Infallible>);

pub(crate) fn written(map: Map, _: &str, _: &[Edit]) -> String {
    match *{ map.0 } {}
}
