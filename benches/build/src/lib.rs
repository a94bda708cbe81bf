//! An empty library: the build script is measured.
