//! Whatsit, which identifies files: the reference application of Kiln.
//!
//! The modules stand in reading order: the settings, the embedded files, the resources, the domain with its cache and
//! its database, and the routes.

pub mod settings;

pub mod assets;
pub mod lifespan;
pub mod migrations;

pub mod cache;
pub mod identification;
pub mod identify;
pub mod routes;
pub mod store;
