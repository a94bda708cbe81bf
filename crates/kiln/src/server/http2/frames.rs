//! The parser of frame headers, for what `h2` does not report: heads of requests that are incomplete, and the length of
//! bodies that nobody reads.

use tokio::time::Instant;

/// Parser of the input of a connection, from its preface on (RFC 9113 §3.4 and §4.1).
#[derive(Debug)]
pub(super) struct Frames {
    /// Rest of the preface or of a payload, in bytes.
    payload: usize,
    /// Whether that is the payload of DATA.
    is_data: bool,
    header: Vec<u8>,
    block: HeaderBlock,
}

/// State of a connection after some of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Followed {
    /// The moment at which the incomplete head began, if there is one.
    pub(super) pending_head: Option<Instant>,
    /// Number of bytes that were the payload of DATA.
    pub(super) data: usize,
}

/// The header block of a request, in one frame or in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HeaderBlock {
    Absent,
    /// Begun, with more frames to come.
    Begun(Instant),
    /// In its last frame.
    Ending(Instant),
}

const PREFACE: usize = 24;
const FRAME_HEADER: usize = 9;
const DATA: u8 = 0x00;
const HEADERS: u8 = 0x01;
const CONTINUATION: u8 = 0x09;
const END_HEADERS: u8 = 0x04;

impl Default for Frames {
    fn default() -> Self {
        let header = Vec::with_capacity(FRAME_HEADER);
        Self { payload: PREFACE, is_data: false, header, block: HeaderBlock::Absent }
    }
}

impl Frames {
    /// The state after `bytes`.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) -> Followed {
        let mut data = 0;
        loop {
            let payload = self.payload.min(bytes.len());
            (_, bytes) = bytes.split_at(payload);
            self.payload -= payload;
            if self.is_data {
                data += payload;
            }
            if self.payload == 0 && matches!(self.block, HeaderBlock::Ending(_)) {
                self.block = HeaderBlock::Absent;
            }
            if bytes.is_empty() {
                let pending_head = match self.block {
                    HeaderBlock::Absent => None,
                    HeaderBlock::Begun(since) | HeaderBlock::Ending(since) => Some(since),
                };
                return Followed { pending_head, data };
            }
            let (header, rest) = bytes.split_at(bytes.len().min(FRAME_HEADER - self.header.len()));
            self.header.extend_from_slice(header);
            bytes = rest;
            if let [high, middle, low, kind, flags, _, _, _, _] = *self.header {
                self.payload = u32::from_be_bytes([0, high, middle, low]) as usize;
                self.is_data = kind == DATA;
                self.block = self.block.after(kind, flags);
                self.header.clear();
            }
        }
    }
}

impl HeaderBlock {
    fn after(self, kind: u8, flags: u8) -> Self {
        let since = match self {
            Self::Begun(since) => since,
            Self::Absent | Self::Ending(_) => Instant::now(),
        };
        match kind {
            HEADERS | CONTINUATION if flags & END_HEADERS != 0 => Self::Ending(since),
            HEADERS | CONTINUATION => Self::Begun(since),
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: u8 = 0x04;

    /// The preface, then frames, each as kind, flags and length.
    fn connection(frames: &[(u8, u8, u8)]) -> Vec<u8> {
        let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        for &(kind, flags, length) in frames {
            bytes.extend([0, 0, length, kind, flags, 0, 0, 0, 1]);
            // A payload of bytes that a parser which does not skip it would read as a HEADERS frame.
            bytes.extend(std::iter::repeat_n(HEADERS, length.into()));
        }
        bytes
    }

    #[test]
    fn a_head_is_incomplete_from_its_first_frame_to_the_end_of_its_last() {
        for (frames, is_incomplete) in [
            (&[][..], false),
            (&[(SETTINGS, 0, 12)], false),
            (&[(HEADERS, END_HEADERS, 20)], false),
            (&[(HEADERS, END_HEADERS, 0)], false),
            (&[(HEADERS, 0, 20)], true),
            (&[(HEADERS, 0, 0)], true),
            (&[(HEADERS, 0, 20), (CONTINUATION, 0, 20)], true),
            (&[(HEADERS, 0, 20), (CONTINUATION, 0, 20), (CONTINUATION, END_HEADERS, 20)], false),
            (&[(HEADERS, END_HEADERS, 20), (DATA, END_HEADERS, 20)], false),
            (&[(HEADERS, END_HEADERS, 20), (HEADERS, 0, 20)], true),
        ] {
            let bytes = connection(frames);
            let whole = Frames::default().follow(&bytes);
            assert_eq!(whole.pending_head.is_some(), is_incomplete, "{frames:?}");
            let mut parser = Frames::default();
            let bytewise = bytes.iter().map(|byte| parser.follow(&[*byte])).last().expect("a preface");
            assert_eq!(bytewise.pending_head.is_some(), is_incomplete, "{frames:?}, byte by byte");
        }
        let cut = connection(&[(HEADERS, END_HEADERS, 20)]);
        assert!(Frames::default().follow(&cut[..cut.len() - 1]).pending_head.is_some());
    }

    #[test]
    fn the_payload_of_data_is_counted_and_no_other() {
        let bytes =
            connection(&[(SETTINGS, 0, 6), (DATA, 0, 20), (HEADERS, 0, 7), (DATA, 1, 0), (DATA, 1, 3)]);
        assert_eq!(Frames::default().follow(&bytes).data, 23);
        let mut parser = Frames::default();
        assert_eq!(bytes.iter().map(|byte| parser.follow(&[*byte]).data).sum::<usize>(), 23);
    }

    #[test]
    fn a_continuation_has_the_start_of_its_head_and_the_next_head_its_own() {
        let mut parser = Frames::default();
        let mut follow = |bytes: &[u8]| parser.follow(bytes).pending_head;
        let began = follow(&connection(&[(HEADERS, 0, 1)]));
        let next = |frames| connection(frames).split_off(PREFACE);
        assert_eq!(follow(&next(&[(CONTINUATION, 0, 1)])), began);
        let later = follow(&next(&[(CONTINUATION, END_HEADERS, 1), (HEADERS, 0, 1)]));
        assert!(later > began, "{later:?}");
    }
}
