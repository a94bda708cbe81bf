//! Since when the head of a request has been on its way: `h2` tells of it once it is whole.

use tokio::time::Instant;

/// Follows what a client sends, from its preface on (RFC 9113 §3.4 and §4.1).
#[derive(Debug)]
pub(super) struct Heads {
    /// What is still to come of the preface or of a payload, in bytes.
    payload: usize,
    frame: Vec<u8>,
    block: Block,
}

/// The fields of a request, which come in one frame or in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Absent,
    /// Other frames will follow.
    Begun(Instant),
    /// This is the last frame.
    Ending(Instant),
}

const PREFACE: usize = 24;
const FRAME_HEADER: usize = 9;
const HEADERS: u8 = 0x01;
const CONTINUATION: u8 = 0x09;
const END_HEADERS: u8 = 0x04;

impl Default for Heads {
    fn default() -> Self {
        Self { payload: PREFACE, frame: Vec::with_capacity(FRAME_HEADER), block: Block::Absent }
    }
}

impl Heads {
    /// Since when, once these bytes have come as well.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) -> Option<Instant> {
        loop {
            let payload = self.payload.min(bytes.len());
            (_, bytes) = bytes.split_at(payload);
            self.payload -= payload;
            if self.payload == 0 && matches!(self.block, Block::Ending(_)) {
                self.block = Block::Absent;
            }
            if bytes.is_empty() {
                return match self.block {
                    Block::Absent => None,
                    Block::Begun(since) | Block::Ending(since) => Some(since),
                };
            }
            let (header, rest) = bytes.split_at(bytes.len().min(FRAME_HEADER - self.frame.len()));
            self.frame.extend_from_slice(header);
            bytes = rest;
            if let [high, middle, low, kind, flags, _, _, _, _] = *self.frame {
                self.payload = u32::from_be_bytes([0, high, middle, low]) as usize;
                self.block = self.block.after(kind, flags);
                self.frame.clear();
            }
        }
    }
}

impl Block {
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
    const DATA: u8 = 0x00;

    /// The preface, then frames of this kind, these flags, and as many bytes.
    fn sent(frames: &[(u8, u8, u8)]) -> Vec<u8> {
        let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        for &(kind, flags, length) in frames {
            bytes.extend([0, 0, length, kind, flags, 0, 0, 0, 1]);
            // Would be taken for the beginning of a head, if it were not passed over.
            bytes.extend(std::iter::repeat_n(HEADERS, length.into()));
        }
        bytes
    }

    #[test]
    fn a_head_is_on_its_way_from_its_first_frame_to_the_end_of_its_last() {
        for (frames, is_on_its_way) in [
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
            let bytes = sent(frames);
            assert_eq!(Heads::default().follow(&bytes).is_some(), is_on_its_way, "{frames:?}");
            let mut heads = Heads::default();
            let bytewise = bytes.iter().map(|byte| heads.follow(&[*byte])).last();
            assert_eq!(bytewise.flatten().is_some(), is_on_its_way, "{frames:?}, byte by byte");
        }
        let cut = sent(&[(HEADERS, END_HEADERS, 20)]);
        assert!(Heads::default().follow(&cut[..cut.len() - 1]).is_some());
    }

    #[test]
    fn what_follows_does_not_begin_a_head_anew_and_the_next_head_does() {
        let mut heads = Heads::default();
        let began = heads.follow(&sent(&[(HEADERS, 0, 1)]));
        let next = |frames| sent(frames).split_off(PREFACE);
        assert_eq!(heads.follow(&next(&[(CONTINUATION, 0, 1)])), began);
        let later = heads.follow(&next(&[(CONTINUATION, END_HEADERS, 1), (HEADERS, 0, 1)]));
        assert!(later > began, "{later:?}");
    }
}
