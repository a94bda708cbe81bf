//! Static files: embedded unchanged, but for references in SVG images and web app manifests.

mod signatures;

mod svg;

mod web_manifest;

mod compile;

pub(super) use self::compile::compile;
