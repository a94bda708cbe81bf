//! `migrate [status] [--dry-run]`: the release step.

use std::{io::Write, time::Duration};

use super::flags::duration;
use crate::migrate::{self, Entry, EntryState, MigrateError, Migrations, Target};

/// Apply pending migrations, or show where they stand
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MigrateCommand {
    #[command(subcommand)]
    action: Option<Action>,
    /// Print the SQL that would run, and run nothing
    #[arg(long)]
    dry_run: bool,
    /// How long to wait for another runner
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    wait: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
enum Action {
    /// Show which migrations are applied, pending, edited, or unknown
    Status,
}

impl Default for MigrateCommand {
    /// Applies, as `migrate` without a flag does.
    fn default() -> Self {
        Self { action: None, dry_run: false, wait: Duration::from_mins(1) }
    }
}

impl MigrateCommand {
    /// Does what was asked for and writes the result to `out`.
    ///
    /// # Errors
    /// As [`migrate::apply`], [`migrate::status`] and [`migrate::pending`]; and when `out` does not take the
    /// result.
    pub async fn run(
        &self,
        migrations: &Migrations,
        target: &Target,
        out: &mut dyn Write,
    ) -> Result<(), MigrateError> {
        match self {
            Self { action: Some(Action::Status), .. } => {
                let entries = migrate::status(migrations, target).await?;
                entries.iter().try_for_each(|entry| write_entry(entry, out))?;
            }
            Self { dry_run: true, .. } => {
                for migration in migrate::pending(migrations, target).await? {
                    writeln!(out, "-- {:04} {}", migration.version(), migration.name())?;
                    writeln!(out, "{}", migration.sql(target.engine()).trim_end())?;
                }
            }
            Self { wait, .. } => {
                let applied = migrate::apply(migrations, target, *wait).await?;
                for migration in &applied {
                    writeln!(out, "applied {:04} {}", migration.version(), migration.name())?;
                }
                if applied.is_empty() {
                    writeln!(out, "nothing to apply: {target} is up to date")?;
                }
            }
        }
        Ok(())
    }
}

fn write_entry(Entry { version, name, state }: &Entry, out: &mut dyn Write) -> std::io::Result<()> {
    let (word, at) = match state {
        EntryState::Applied { at } => ("applied", at.as_str()),
        EntryState::Pending => ("pending", "-"),
        EntryState::Edited { at } => ("edited", at.as_str()),
        EntryState::Unknown { at } => ("unknown", at.as_str()),
    };
    writeln!(out, "{version:04}  {word:<7}  {at:<24}  {name}")
}
