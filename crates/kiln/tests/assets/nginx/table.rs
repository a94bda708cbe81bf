//! The table: a Markdown file, for people and for the test.

use std::fmt;

use super::Validators;

const TABLE: &str = include_str!("table.md");

/// A request, and the outcome at each server.
pub(crate) struct Row {
    /// `GET /path`, with the version of HTTP when it is not 1.1.
    request: &'static str,
    /// Lines of its head, with placeholders for validators.
    fields: Vec<&'static str>,
    pub(crate) kiln: &'static str,
    pub(crate) nginx: &'static str,
}

/// The rows of all tables of the file.
pub(crate) fn rows() -> Vec<Row> {
    TABLE.lines().filter_map(|line| line.strip_prefix("| `")).map(Row::parse).collect()
}

impl Row {
    /// Parses a line after its first quote: `` GET /x` | `Range: …` `If-Range: …` | outcome | outcome, or = | why | ``.
    fn parse(line: &'static str) -> Self {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [request, fields, kiln, nginx, why, ""] = cells[..] else { panic!("not five cells: {line}") };
        let agree = nginx == "=";
        assert_eq!(agree, why.is_empty(), "a reason is for those who differ: {line}");
        assert!(agree || why.contains('§'), "the reason names no section: {line}");
        Self {
            request: request.trim_end_matches('`'),
            fields: fields.split('`').filter(|field| !field.trim().is_empty()).collect(),
            kiln,
            nginx: if agree { kiln } else { nginx },
        }
    }

    pub(crate) fn method(&self) -> &str {
        self.part(0).expect("a method")
    }

    pub(crate) fn path(&self) -> &str {
        self.part(1).expect("a path")
    }

    /// The request as sent, with the validators of the server.
    pub(crate) fn request(&self, validators: &Validators) -> String {
        let mut fields = self.fields.join("\r\n");
        for (placeholder, validator) in validators {
            fields = fields.replace(placeholder, validator);
        }
        if !fields.is_empty() {
            fields += "\r\n";
        }
        let (method, path, version) = (self.method(), self.path(), self.part(2).unwrap_or("HTTP/1.1"));
        format!("{method} {path} {version}\r\nHost: kiln.test\r\nConnection: close\r\n{fields}\r\n")
    }

    /// A request for the same resource in one coding.
    pub(crate) fn probe(&self, accepted: &str) -> String {
        let path = self.path();
        format!(
            "GET {path} HTTP/1.1\r\nHost: kiln.test\r\nConnection: close\r\nAccept-Encoding: {accepted}\r\n\r\n"
        )
    }

    fn part(&self, position: usize) -> Option<&'static str> {
        self.request.split(' ').nth(position)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.request, self.fields)
    }
}
