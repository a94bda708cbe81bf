//! JSON: `["flex",{"p-4":true}]`.

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let (mut at, mut is_string) = (0, false);
    while at < text.len() {
        match text[at] {
            b'\\' if is_string => at += 1,
            b'"' => is_string = !is_string,
            b'[' | b']' | b'{' | b'}' if !is_string => output[at] = b' ',
            _ => {}
        }
        at += 1;
    }
    output
}
