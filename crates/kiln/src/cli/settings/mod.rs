//! Settings from flags, the environment and a TOML file, in that order of precedence, and the origin of each.
//!
//! A setting is a flag that has an environment twin. A file gives it under the name of the flag,
//! `drain-pause = "5s"`, and its value is checked by the same parser. `--config` names the file, in a command line
//! that takes a [`ConfigFlag`].
//!
//! ```
//! use kiln::cli::{ServerFlags, settings};
//!
//! let parsed: settings::Parsed<ServerFlags> = settings::parse(["app", "--port=9"])?;
//! assert_eq!(parsed.flags.port, Some(9));
//! let port = parsed.settings.iter().find(|setting| setting.name == "port").expect("a setting");
//! assert_eq!(port.source.to_string(), "flag");
//! # Ok::<(), clap::Error>(())
//! ```

mod secret;

mod setting;

mod invalid_value;

mod file;

mod parse;

pub use file::ConfigFlag;
pub(super) use parse::parse_command;
pub use parse::{Parsed, parse, write};
#[cfg(feature = "migrate")]
pub(super) use setting::with_default;
pub use setting::{Setting, Source};
