//! `seal check`: what the kernel refuses this executable, tried out.

use std::io::{self, Write};

use crate::seal::{
    Needs, SealMode,
    check::{self, CheckError},
};

/// Try out what the kernel refuses
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum SealCommand {
    /// From inside the sealed process, try everything that it must not do, and everything that it needs
    Check {
        /// As a JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Why a command about the seal failed.
#[derive(Debug, thiserror::Error)]
pub enum SealCommandError {
    /// Nothing could be tried.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// Something was not as it should be.
    #[error("{0} of {1} acts did not end as they should; the table names them")]
    Broken(usize, usize),
    /// The result could not be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] io::Error),
}

impl SealCommand {
    /// Seals this process, tries everything, and writes the outcome to `out`. Call it on the only thread.
    ///
    /// # Errors
    /// When the seal is demanded and cannot be had, when an act did not end as it should, or when `out` does
    /// not take the result.
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
