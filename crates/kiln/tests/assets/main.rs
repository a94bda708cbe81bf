//! A whole site, served over a real socket. Each test names the section of the RFC that it covers.

mod client;
mod site;

mod caching;
mod command_line;
mod conditions;
mod development;
mod fast_path;
#[cfg(feature = "tls")]
mod http2;
mod loading;
mod methods;
mod mounting;
mod negotiation;
#[cfg(target_os = "linux")]
mod nginx;
mod packed;
mod pages;
mod paths;
mod pipelining;
mod ranges;
mod rendered;
mod security;
mod wire;
