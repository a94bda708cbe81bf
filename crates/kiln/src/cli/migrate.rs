//! `migrate [status | settle N …] [--dry-run] [--to N]`: the release step.

use std::{io::Write, time::Duration};

use super::duration::duration;
use crate::migrate::{
    self, Goal, MigrateError, MigrationState, MigrationStatus, Migrations, Resolution, Target,
};

/// Apply pending migrations, or show where they stand
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct MigrateCommand {
    #[command(subcommand)]
    action: Option<Action>,
    /// Print the SQL without running it
    #[arg(long)]
    dry_run: bool,
    /// Last migration to apply [default: the newest]
    #[arg(long, value_name = "NUMBER")]
    to: Option<i64>,
    /// Time to wait for another runner, or for a database server that does not answer yet
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    wait: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
enum Action {
    /// List the migrations: applied, pending, half applied, edited, newer, or unknown
    Status,
    /// Record the state of a half-applied migration after repairing it by hand
    Settle {
        /// Number of the migration
        version: i64,
        /// State of the migration now
        settled: Settlement,
        /// Time to wait for another runner
        #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
        wait: Duration,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Settlement {
    /// Its changes are complete
    Applied,
    /// None of its changes are left
    Pending,
}

impl Default for MigrateCommand {
    /// Applies, as `migrate` without a flag does.
    fn default() -> Self {
        Self { action: None, dry_run: false, to: None, wait: Duration::from_mins(1) }
    }
}

impl MigrateCommand {
    /// Runs the command and writes its result to `out`.
    ///
    /// # Errors
    /// As [`migrate::apply`], [`migrate::status`], [`migrate::pending`] and [`migrate::settle`]; and when `out`
    /// cannot be written.
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
            Self { action: Some(Action::Settle { version, .. }), dry_run: true, .. } => {
                writeln!(out, "-- {version:04} would be settled")?;
            }
            Self { action: Some(Action::Settle { version, settled, wait }), .. } => {
                let settled = match settled {
                    Settlement::Applied => Resolution::Applied,
                    Settlement::Pending => Resolution::Pending,
                };
                migrate::settle(target, *version, settled, *wait).await?;
            }
            Self { dry_run: true, .. } => {
                for migration in migrate::pending(migrations, target, self.goal()).await? {
                    writeln!(out, "-- {:04} {}", migration.version(), migration.name())?;
                    writeln!(out, "{}", migration.sql(target.engine()).trim_end())?;
                }
            }
            Self { wait, .. } => {
                let applied = migrate::apply(migrations, target, self.goal(), *wait).await?;
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

    fn goal(&self) -> Goal {
        self.to.map_or(Goal::Newest, Goal::Version)
    }
}

fn write_entry(
    MigrationStatus { version, name, state }: &MigrationStatus,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let (word, at) = match state {
        MigrationState::Applied { at } => ("applied", at.as_str()),
        MigrationState::Pending => ("pending", "-"),
        MigrationState::HalfApplied { at } => ("half", at.as_str()),
        MigrationState::Newer { at } => ("newer", at.as_str()),
        MigrationState::Edited { at } => ("edited", at.as_str()),
        MigrationState::Unknown { at } => ("unknown", at.as_str()),
    };
    writeln!(out, "{version:04}  {word:<7}  {at:<24}  {name}")
}
