//! Frames of HTTP/2 as bytes (RFC 9113 §4.1 and §6), also such as no client library would send.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::client::within;

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const PING: u8 = 6;
pub(super) const GOAWAY: u8 = 7;
pub(super) const WINDOW_UPDATE: u8 = 8;
pub(super) const CONTINUATION: u8 = 9;

/// Of SETTINGS and PING.
pub(super) const ACK: u8 = 1;
pub(super) const END_STREAM: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

/// A frame of `length` bytes of which `sent` are sent; the next bytes complete it.
pub(super) fn frame(kind: u8, flags: u8, stream: u8, length: usize, sent: &[u8]) -> Vec<u8> {
    let [.., high, middle, low] = length.to_be_bytes();
    let mut frame = vec![high, middle, low, kind, flags, 0, 0, 0, stream];
    frame.extend_from_slice(sent);
    frame
}

/// A whole frame.
pub(super) fn whole_frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    frame(kind, flags, stream, payload.len(), payload)
}

/// The preface with its SETTINGS (RFC 9113 §3.4).
pub(super) fn preface(settings: &[u8]) -> Vec<u8> {
    [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), whole_frame(SETTINGS, 0, 0, settings)].concat()
}

/// The header block of a request for `path` (RFC 7541 §6, Appendix A).
fn fields(method: u8, path: &str) -> Vec<u8> {
    let length = u8::try_from(path.len()).expect("a short path");
    [&[method, 0x87, 0x04, length], path.as_bytes(), b"\x01\x0afirst.test"].concat()
}

/// The header block of `GET`.
pub(super) fn get(path: &str) -> Vec<u8> {
    fields(0x82, path)
}

/// The header block of `POST` with a text of this length.
pub(super) fn post(path: &str, length: usize) -> Vec<u8> {
    let length = length.to_string();
    let digits = u8::try_from(length.len()).expect("few digits");
    let content = [b"\x0f\x10\x0atext/plain\x0f\x0d", &[digits][..], length.as_bytes()].concat();
    [fields(0x83, path), content].concat()
}

/// A frame that has been received.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) payload: Vec<u8>,
}

/// The next frame, or none at the end of the connection.
pub(super) async fn next_frame(stream: &mut (impl AsyncRead + Unpin)) -> Option<Frame> {
    let mut header = [0; 9];
    within(stream.read_exact(&mut header)).await.ok()?;
    let [high, middle, low, kind, flags, ..] = header;
    let mut payload = vec![0; u32::from_be_bytes([0, high, middle, low]) as usize];
    within(stream.read_exact(&mut payload)).await.ok()?;
    Some(Frame { kind, flags, payload })
}

/// An event that ends a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Status(u16),
    Reset(u32),
    GoAway(u32),
    Closed,
}

/// The first `count` events of a connection.
pub(super) async fn events(stream: &mut (impl AsyncRead + Unpin), count: usize) -> Vec<Event> {
    let mut events = Vec::new();
    while events.len() < count {
        let Some(frame) = next_frame(stream).await else {
            events.push(Event::Closed);
            break;
        };
        events.extend(frame.event());
    }
    events
}

impl Frame {
    pub(super) fn event(&self) -> Option<Event> {
        let word =
            |from: usize| u32::from_be_bytes(self.payload[from..from + 4].try_into().expect("four bytes"));
        match self.kind {
            HEADERS => Some(Event::Status(status(&self.payload))),
            RST_STREAM => Some(Event::Reset(word(0))),
            GOAWAY => Some(Event::GoAway(word(4))),
            _ => None,
        }
    }
}

/// The status at the start of a header block (RFC 7541, Appendix A and B).
fn status(block: &[u8]) -> u16 {
    let known: [(&[u8], u16); 4] =
        [(b"\x88", 200), (b"\x8d", 404), (b"\x48\x83\x68\x0f\x7f", 408), (b"\x48\x83\x68\x2c\xff", 413)];
    let found = known.iter().find(|(start, _)| block.starts_with(start));
    found.unwrap_or_else(|| panic!("another status: {}", block.escape_ascii())).1
}
