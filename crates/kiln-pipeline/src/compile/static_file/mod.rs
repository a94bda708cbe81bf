//! Files that no language compiles: they are embedded as they are, but for the references in SVG images and web
//! manifests.

mod signatures;

mod svg;

mod web_manifest;

mod compile;

pub(super) use self::compile::compile;
