//! Flags of TLS without the feature `tls`: both are usage errors.

use clap::Args;

use crate::tls::TlsOptions;

/// Flags of TLS, none of which can be given.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[group(skip)]
pub struct TlsFlags {
    #[arg(long, env = "TLS_CERT", hide = true, value_parser = refused)]
    tls_cert: Option<String>,
    #[arg(long, env = "TLS_KEY", hide = true, value_parser = refused)]
    tls_key: Option<String>,
}

impl From<TlsFlags> for Option<TlsOptions> {
    fn from(_: TlsFlags) -> Self {
        None
    }
}

fn refused(_: &str) -> Result<String, &'static str> {
    Err("this executable was built without TLS; build it with the feature `tls`")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::server::ServerFlags;

    #[test]
    fn a_certificate_is_refused_rather_than_ignored() {
        for flag in ["--tls-cert=a.pem", "--tls-key=a.pem"] {
            let message = ServerFlags::try_parse_from(["app", flag]).expect_err(flag).to_string();
            assert!(message.contains("the feature `tls`"), "{message}");
        }
    }
}
