//! TLS: flags, with their environment twins.

use std::{path::PathBuf, time::Duration};

use clap::{ArgMatches, Args, Command, FromArgMatches, error::ErrorKind};

use super::duration::duration;
use crate::tls::{TlsFiles, TlsOptions};

/// Flags of TLS, which is on when the certificate and its key are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFlags {
    /// The certificate and its key.
    pub files: Option<TlsFiles>,
    /// The `max-age` of `Strict-Transport-Security`.
    pub hsts_max_age: Duration,
}

/// The flags, unchecked.
#[derive(Args)]
#[group(skip)]
struct RawTlsFlags {
    /// Certificate chain for TLS, as PEM; read again at SIGHUP
    #[arg(long, env = "TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Private key of --tls-cert, as PEM
    #[arg(long, env = "TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// `max-age` of `Strict-Transport-Security` with TLS; 0s has browsers forget [default: 31536000s, a year]
    #[arg(long, env = "HSTS_MAX_AGE", value_name = "TIME", default_value = "31536000s", value_parser = duration)]
    #[arg(hide_default_value = true)]
    hsts_max_age: Duration,
}

impl From<TlsFlags> for Option<TlsOptions> {
    fn from(TlsFlags { files, hsts_max_age }: TlsFlags) -> Self {
        files.map(|files| TlsOptions { files, hsts_max_age })
    }
}

impl Args for TlsFlags {
    fn augment_args(command: Command) -> Command {
        RawTlsFlags::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        RawTlsFlags::augment_args_for_update(command)
    }
}

/// By hand, since clap's `requires` ignores values of a configuration file.
impl FromArgMatches for TlsFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let RawTlsFlags { tls_cert, tls_key, hsts_max_age } = RawTlsFlags::from_arg_matches(matches)?;
        let alone = |given, missing| {
            let message = format!("`{given}` requires `{missing}`");
            Err(clap::Error::raw(ErrorKind::MissingRequiredArgument, message))
        };
        let files = match (tls_cert, tls_key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            (Some(_), None) => return alone("--tls-cert", "--tls-key"),
            (None, Some(_)) => return alone("--tls-key", "--tls-cert"),
        };
        Ok(Self { files, hsts_max_age })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::server::ServerFlags;

    fn options(flags: &[&str]) -> Result<Option<TlsOptions>, clap::Error> {
        ServerFlags::try_parse_from(["app"].iter().chain(flags)).map(|flags| flags.tls.into())
    }

    #[test]
    fn tls_takes_both_files_or_neither() {
        assert_eq!(options(&["--hsts-max-age=5s"]).expect("neither"), None);
        let files = TlsFiles { certificate: "a.pem".into(), key: "b.pem".into() };
        assert_eq!(
            options(&["--tls-cert=a.pem", "--tls-key=b.pem"]).expect("both"),
            Some(TlsOptions { files, hsts_max_age: TlsOptions::HSTS_MAX_AGE })
        );
        for (given, missing) in [("--tls-cert", "--tls-key"), ("--tls-key", "--tls-cert")] {
            let error = options(&[given, "a.pem"]).expect_err(given);
            let message = error.to_string();
            assert!(
                message.contains(&format!("requires `{missing}`")) && error.exit_code() == 2,
                "{message}"
            );
        }
    }
}
