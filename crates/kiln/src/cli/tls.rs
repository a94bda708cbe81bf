//! How TLS is served: flags, with their environment twins.

use std::{path::PathBuf, time::Duration};

use clap::{ArgMatches, Args, Command, FromArgMatches, error::ErrorKind};

use super::duration;
use crate::tls::{TlsFiles, TlsOptions};

/// Flags for TLS, which is served when the certificate and its key are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFlags {
    /// Where they are.
    pub files: Option<TlsFiles>,
    /// For how long browsers shall come back by HTTPS alone.
    pub hsts_max_age: Duration,
}

/// As they are given.
#[derive(Args)]
#[group(skip)]
struct Given {
    /// Serve by TLS, with the certificate in this file and those that vouch for it, as PEM; read again at SIGHUP
    #[arg(long, env = "TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The key of --tls-cert, as PEM
    #[arg(long, env = "TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// With TLS, for how long browsers shall come back by HTTPS alone; 0s has them forget [default: 31536000s, a year]
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
        Given::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Given::augment_args_for_update(command)
    }
}

/// clap's own `requires` passes over what a file of settings says.
impl FromArgMatches for TlsFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let Given { tls_cert, tls_key, hsts_max_age } = Given::from_arg_matches(matches)?;
        let alone = |given, missing| {
            let message = format!("`{given}` is of no use alone; name the other file by `{missing}`");
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
    use crate::cli::ServerFlags;

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
            let told = error.to_string();
            assert!(told.contains(&format!("by `{missing}`")) && error.exit_code() == 2, "{told}");
        }
    }
}
