//! `seal check`: forbidden and needed acts, tried out in the sealed process.

use std::io::{self, Write};

use crate::seal::{
    Needs, SealMode,
    check::{self, CheckError},
};

/// Check what the kernel refuses this executable
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum SealCommand {
    /// Try every forbidden and every needed act in the sealed process
    Check {
        /// Print a JSON object
        #[arg(long)]
        json: bool,
    },
}

/// An error of `seal check`.
#[derive(Debug, thiserror::Error)]
pub enum SealCommandError {
    /// The acts could not be tried.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// Acts ended otherwise than expected.
    #[error("{0} of {1} acts ended otherwise than expected; the table marks them")]
    Broken(usize, usize),
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl SealCommand {
    /// Seals this process, tries every act, and writes the outcome to `out`. Call it on the only thread.
    ///
    /// # Errors
    /// When the seal is enforced and not available, when an act ended otherwise than expected, or when `out` cannot be
    /// written.
    pub fn run(self, mode: SealMode, needs: &Needs, out: &mut dyn Write) -> Result<(), SealCommandError> {
        let Self::Check { json } = self;
        let account = check::check(mode, needs)?;
        if json {
            serde_json::to_writer_pretty(&mut *out, &account).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            write!(out, "{account}")?;
        }
        let broken = account.acts.iter().filter(|act| !act.holds).count();
        if broken == 0 { Ok(()) } else { Err(SealCommandError::Broken(broken, account.acts.len())) }
    }
}
