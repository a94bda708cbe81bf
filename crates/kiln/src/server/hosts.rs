//! Hosts for which a server answers (RFC 9112 §3.2). A page of elsewhere whose name is made to lead to this machine (DNS
//! rebinding) asks by that name, and is refused.

use std::{convert::Infallible, net::SocketAddr, str::FromStr};

/// Hosts for which a server answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hosts {
    /// On a loopback listener the loopback names and its address, and otherwise any.
    #[default]
    ByListener,
    /// Any host.
    Any,
    /// Hosts with one of these names or addresses; `*.NAME` is any name below another.
    Only(Vec<String>),
}

impl FromStr for Hosts {
    type Err = Infallible;

    /// `any`, or names with commas between them.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
        Ok(if names.iter().any(|name| name == "any") { Self::Any } else { Self::Only(names) })
    }
}

/// Hosts for which one listener answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AllowedHosts(Option<Vec<String>>);

impl AllowedHosts {
    #[cfg(any(test, feature = "fuzzing"))]
    pub(super) const ANY: Self = Self(None);

    pub(super) fn of(hosts: &Hosts, listener: SocketAddr) -> Self {
        Self(match hosts {
            Hosts::ByListener if listener.ip().is_loopback() => {
                let names = ["localhost", "*.localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
                let address = match listener {
                    SocketAddr::V4(address) => address.ip().to_string(),
                    SocketAddr::V6(address) => format!("[{}]", address.ip()),
                };
                Some(names.into_iter().chain([address]).collect())
            }
            Hosts::ByListener | Hosts::Any => None,
            Hosts::Only(names) => Some(names.clone()),
        })
    }

    /// Whether `host`, a valid value of `Host`, is among them. A client without a host has not been led here by its name.
    pub(super) fn allow(&self, host: &[u8]) -> bool {
        let Self(Some(names)) = self else { return true };
        let name = name(host).unwrap_or_default();
        let is = |allowed: &String| match allowed.strip_prefix('*') {
            Some(end) => name.len() > end.len() && ends_with(name, end.as_bytes()),
            None => name.eq_ignore_ascii_case(allowed.as_bytes()),
        };
        name.is_empty() || names.iter().any(is)
    }
}

fn ends_with(name: &[u8], end: &[u8]) -> bool {
    name.get(name.len() - end.len()..).is_some_and(|last| last.eq_ignore_ascii_case(end))
}

/// Whether `host` is a value of `Host`: a name or an address, and perhaps a port (RFC 9110 §7.2, RFC 3986 §3.2.2).
pub(super) fn is_valid(host: &[u8]) -> bool {
    name(host).is_some()
}

/// The name or the address, or none where `host` is invalid.
fn name(host: &[u8]) -> Option<&[u8]> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(byte);
    let is_address = |byte: &u8| byte.is_ascii_hexdigit() || b":.".contains(byte);
    let length = match host {
        [b'[', address @ ..] => {
            let length = address.iter().position(|byte| *byte == b']')?;
            address[..length].iter().all(is_address).then_some(length + 2)?
        }
        name => name.iter().take_while(|byte| is_name(byte)).count(),
    };
    let (name, port) = host.split_at(length);
    let is_port = match port {
        [] => true,
        [b':', port @ ..] => port.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    is_port.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_perhaps_a_port() {
        for host in ["", "a", "a.b-c:80", "a:", "127.0.0.1:8080", "[::1]", "[::1]:80", "%61", "xn--a_b"] {
            assert!(is_valid(host.as_bytes()), "{host}");
        }
        for host in
            ["a b", "u@a", "a/b", "a:b", "a:1:2", "[::1", "[::1]a", "[a,b]", "a\t", "http://a", "é", "a#b"]
        {
            assert!(!is_valid(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn a_loopback_listener_answers_for_loopback_names_and_its_address() {
        let allows = |listener: &str, host: &str| {
            let listener = listener.parse().expect("an address");
            AllowedHosts::of(&Hosts::ByListener, listener).allow(host.as_bytes())
        };
        for host in ["", "localhost", "LOCALHOST:80", "app.localhost", "127.0.0.1:1", "[::1]:1", "127.9.9.9"]
        {
            assert!(allows("127.9.9.9:80", host), "{host}");
        }
        for host in
            ["evil.test", "localhost.evil.test", "evillocalhost", ".localhost", "127.9.9.8", "192.0.2.1"]
        {
            assert!(!allows("127.9.9.9:80", host), "{host}");
        }
        assert!(allows("0.0.0.0:80", "evil.test") && allows("[::]:80", "evil.test"));
    }

    #[test]
    fn listed_hosts_are_answered_and_no_others() {
        let listener = SocketAddr::from(([127, 0, 0, 1], 80));
        let hosts = |text: &str| AllowedHosts::of(&text.parse().expect("hosts"), listener);
        let some = hosts("Example.org, *.example.net,[2001:db8::1]");
        for host in ["example.org:443", "a.example.NET", "[2001:db8::1]"] {
            assert!(some.allow(host.as_bytes()), "{host}");
        }
        for host in ["a.example.org", "example.net", "localhost"] {
            assert!(!some.allow(host.as_bytes()), "{host}");
        }
        assert!(hosts("a,any").allow(b"b") && !hosts("").allow(b"b"));
    }
}
