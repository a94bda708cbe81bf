//! A strict reader of requests, by the grammar of RFC 9112 and nothing else: what it reads has one meaning.

/// Length of a chunk size, in digits.
const SIZE_DIGITS: usize = 8;

/// A complete request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub bytes: &'a [u8],
    pub is_head: bool,
    pub has_body: bool,
}

/// The requests at the start of a stream, and the rest, which is incomplete or has no clear meaning.
#[must_use]
pub fn split(mut stream: &[u8]) -> (Vec<Request<'_>>, &[u8]) {
    let mut requests = Vec::new();
    while let Some(request) = first(stream) {
        stream = &stream[request.bytes.len()..];
        requests.push(request);
    }
    (requests, stream)
}

fn first(stream: &[u8]) -> Option<Request<'_>> {
    let end = stream.windows(4).position(|window| window == b"\r\n\r\n")?;
    let mut lines = std::str::from_utf8(&stream[..end]).ok()?.split("\r\n");
    let method = method(lines.next()?)?;
    let (mut length, mut coding) = (None, None);
    for line in lines {
        let (name, value) = field(line)?;
        match name.to_ascii_lowercase().as_str() {
            "content-length" => is_first(&mut length, value)?,
            "transfer-encoding" => is_first(&mut coding, value)?,
            // The connection may be another protocol's afterwards, or wait.
            "upgrade" | "expect" => return None,
            _ => {}
        }
    }
    let head = end + 4;
    let body = match (length, coding) {
        (None, None) => 0,
        (Some(length), None) => number(length)?,
        (None, Some("chunked")) => chunks(&stream[head..])?,
        _ => return None,
    };
    let bytes = stream.get(..head.checked_add(body)?)?;
    Some(Request { bytes, is_head: method == "HEAD", has_body: body > 0 })
}

/// The method of a request line whose parts are all plain.
fn method(line: &str) -> Option<&str> {
    let [method, target, version] = line.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let is_plain =
        !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase()) && method != "CONNECT";
    let is_path = target.starts_with('/')
        && target.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/?=&.-".contains(&byte));
    (is_plain && is_path && matches!(version, "HTTP/1.0" | "HTTP/1.1")).then_some(method)
}

fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_value = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    (is_name && is_value).then_some((name, value.trim_matches([' ', '\t'])))
}

/// None where the field stands twice.
fn is_first<'a>(slot: &mut Option<&'a str>, value: &'a str) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// Length of a chunked body (RFC 9112 §7.1) without spaces beside its sizes.
fn chunks(body: &[u8]) -> Option<usize> {
    let mut position = 0;
    loop {
        let (line, next) = line(body, position)?;
        let size = line.split(';').next().filter(|size| !size.is_empty() && size.len() <= SIZE_DIGITS)?;
        let size = usize::from_str_radix(size, 16).ok().filter(|_| !size.starts_with('+'))?;
        position = next;
        if size == 0 {
            return trailer(body, position);
        }
        let data_end = position.checked_add(size)?;
        if body.get(data_end..data_end.checked_add(2)?)? != b"\r\n" {
            return None;
        }
        position = data_end + 2;
    }
}

/// The end of the trailer that begins at `position`.
fn trailer(body: &[u8], mut position: usize) -> Option<usize> {
    loop {
        let (line, next) = line(body, position)?;
        position = next;
        if line.is_empty() {
            return Some(position);
        }
        field(line)?;
    }
}

/// The line at `position`, and the position behind it.
fn line(body: &[u8], position: usize) -> Option<(&str, usize)> {
    let rest = body.get(position..)?;
    let length = rest.windows(2).position(|pair| pair == b"\r\n")?;
    let line = std::str::from_utf8(&rest[..length]).ok()?;
    line.bytes().all(|byte| matches!(byte, b' '..=b'~')).then_some((line, position + length + 2))
}
