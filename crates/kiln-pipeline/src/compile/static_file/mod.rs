//! Static files: embedded unchanged, but for references in SVG images, playlists, web app manifests, and comments
//! that name source maps.

mod signatures;

mod playlist;

mod svg;

mod web_manifest;

mod map_comment;

mod compile;

pub(super) use self::compile::{compile, service_workers};
