//! Positions at which the body is cut, then `Content-Type`, then the body of an upload, as Whatsit reads it: the same
//! file wherever the body is cut, and each file that a form can hold as it was.
#![no_main]

// The modules of Whatsit that read uploads, each where the others expect it.
#[path = "../../../../../src/identify/sampler.rs"]
mod sampler;

mod identify {
    pub(crate) use crate::sampler::{Sample, Sampler};
}

mod settings {
    pub(crate) use kiln::cli::ByteSize;
}

mod routes;

use kiln_fuzz::{behind_first_line, cut, numbers};

use self::routes::{File, LIMIT, read};

const FORM: &str = "multipart/form-data; boundary=kiln";
const DELIMITER: &[u8] = b"--kiln";

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let cuts = numbers::<3>(text);
    let rest = behind_first_line(text);
    let body = behind_first_line(rest);
    let content_type = rest[..rest.len() - body.len()].trim_ascii_end();
    let whole = read(content_type, &[body]);
    let parts = cut(body, cuts);
    assert_eq!(read(content_type, &parts), whole, "cut at {cuts:?}");
    if let Some(name) = whole.and_then(|file| file.name) {
        let is_plain = |character: char| !character.is_control() && !matches!(character, '/' | '\\');
        assert!(!name.is_empty() && name.chars().all(is_plain), "{name:?}");
    }
    // A delimiter is a line.
    if !body.windows(DELIMITER.len()).any(|window| window == DELIMITER) {
        sent_in_a_form(body, cuts);
    }
});

/// The file that comes out of a form is the one that was put in, up to the limit of its length.
fn sent_in_a_form(content: &[u8], cuts: [Option<u16>; 3]) {
    let head = b"--kiln\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b.txt\"\r\n\r\n";
    let form = [head, content, b"\r\n--kiln--\r\n"].concat();
    let file = read(FORM.as_bytes(), &cut(&form, cuts));
    let mut sampler = File::sampler();
    sampler.feed(content);
    let expected = File { name: Some("b.txt".to_owned()), sample: sampler.finish() };
    let is_allowed = expected.sample.size <= LIMIT;
    assert_eq!(file, is_allowed.then_some(expected), "{}", form.escape_ascii());
}
