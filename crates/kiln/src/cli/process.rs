//! Flags of any process, with their environment twins.

use clap::Args;

use crate::{
    launch::ProcessOptions,
    observe::{LogFilter, LogFormat},
    seal::SealMode,
};

/// Flags of any process, one that serves or one that migrates.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ProcessFlags {
    /// Kernel restrictions on this process: enforce, best-effort, or off
    #[arg(long, env = "SEAL", value_name = "MODE", default_value_t)]
    pub seal: SealMode,
    /// Log filter, such as `info,kiln::request=debug`
    #[arg(long, env = "LOG", value_name = "DIRECTIVES", default_value_t)]
    pub log: LogFilter,
    /// Log format: text, or json
    #[arg(long, env = "LOG_FORMAT", value_name = "FORMAT", default_value_t)]
    pub log_format: LogFormat,
}

impl From<ProcessFlags> for ProcessOptions {
    fn from(ProcessFlags { seal, log, log_format }: ProcessFlags) -> Self {
        Self { log, log_format, seal, ..Self::default() }
    }
}
