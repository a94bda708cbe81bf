//! The whole application, over a real socket and a real database.

#[expect(dead_code, reason = "shared with the tests of the library, which use all of it")]
#[path = "../../crates/kiln/tests/lifecycle/client.rs"]
mod client;
mod harness;

mod api;
mod corpus;
#[cfg(unix)]
mod handover;
mod identify;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod injected;
mod killed;
mod load;
mod metrics;
mod outage;
mod page;
mod process;
mod provenance;
#[cfg(target_os = "linux")]
mod seal;
#[cfg(all(unix, feature = "tls"))]
mod secure;
mod settings;
