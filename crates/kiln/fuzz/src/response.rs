//! A strict reader of responses. No body of the server under test begins like a response, so that the response to a
//! HEAD is known without its request.

const START: &[u8] = b"HTTP/1.";

/// A response, without its date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Name and value, in order of names; `Connection` stands apart.
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the connection ends with it.
    pub closes: bool,
}

impl Response {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether two responses differ in nothing but the end of the connection.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        (self.status, &self.fields, &self.body) == (other.status, &other.fields, &other.body)
    }
}

/// All responses on a connection but `100 (Continue)`.
///
/// # Panics
/// When it carries anything else.
#[must_use]
pub fn parse(mut wire: &[u8]) -> Vec<Response> {
    let mut responses = Vec::new();
    while !wire.is_empty() {
        let (response, rest) = first(wire);
        wire = rest;
        if response.status != 100 {
            responses.push(response);
        }
    }
    responses
}

fn first(wire: &[u8]) -> (Response, &[u8]) {
    let end = wire.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no end of a head in {}", wire.escape_ascii()));
    let head = std::str::from_utf8(&wire[..end]).expect("a head in ASCII");
    let mut lines = head.split("\r\n");
    let (version, status) = status(lines.next().unwrap_or_default());
    let mut fields: Vec<_> = lines.map(|line| line.split_once(": ").expect("a field")).collect();
    fields.sort_unstable();
    let value = |name: &str| {
        let mut values = fields.iter().filter(|(found, _)| *found == name).map(|(_, value)| *value);
        let value = values.next();
        assert!(values.next().is_none(), "{name} stands twice in {head}");
        value
    };
    let closes = value("connection").map_or(version == "HTTP/1.0", |option| option != "keep-alive");
    assert!(value("transfer-encoding").is_none(), "{head}");
    let length = value("content-length").map_or(0, |length| length.parse().expect("a length"));
    let rest = &wire[end + 4..];
    let length = if status == 304 || rest.is_empty() || rest.starts_with(START) { 0 } else { length };
    assert!(length <= rest.len(), "{} of {length} bytes for {head}", rest.len());
    let (body, rest) = rest.split_at(length);
    let kept = |name: &str| !matches!(name, "date" | "connection");
    let fields = fields.iter().filter(|(name, _)| kept(name));
    let fields = fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    (Response { status, fields, body: body.to_vec(), closes }, rest)
}

fn status(line: &str) -> (&str, u16) {
    let mut words = line.splitn(3, ' ');
    let version = words.next().filter(|version| matches!(*version, "HTTP/1.0" | "HTTP/1.1"));
    let status = words.next().filter(|status| status.len() == 3).and_then(|status| status.parse().ok());
    let read = version.zip(status).filter(|_| words.next().is_some());
    read.unwrap_or_else(|| panic!("no status line: {line:?}"))
}
