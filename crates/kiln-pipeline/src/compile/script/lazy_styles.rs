//! Dynamic imports of chunks with style sheets, which are loaded before the chunk runs.

/// The function that replaces `import`. Sheets that the page has are not loaded again; script and sheets are fetched at
/// the same time; without a document, as in a worker, only the script is fetched.
pub(super) const LOADER: &str = concat!(
    "function __kiln_load(styles,script){",
    "let page=globalThis.document;",
    "if(!page)return import(script);",
    "let link=(rel,href)=>{let link=page.createElement(\"link\");link.rel=rel;link.href=href;",
    "page.head.append(link);return link};",
    "let missing=styles.map(href=>{",
    "let present=[...page.querySelectorAll(\"link[rel=stylesheet]\")].find(link=>link.getAttribute(\"href\")===href);",
    "if(present)return present.loading;",
    "let sheet=link(\"stylesheet\",href);",
    "return sheet.loading=new Promise((done,fail)=>{sheet.onload=done;",
    "sheet.onerror=()=>{sheet.remove();fail(new Error(\"cannot load \"+href))}})});",
    "if(missing.some(Boolean))link(\"modulepreload\",script);",
    "return Promise.all(missing).then(()=>import(script))}\n",
);

/// The offset of the call of `import` whose string argument begins at `argument`; `None` for another string.
pub(super) fn call_before(code: &str, argument: usize) -> Option<usize> {
    let mut before = code[..argument].strip_suffix(['"', '\'', '`'])?.trim_end();
    while let Some(comment) = before.strip_suffix("*/") {
        before = comment[..comment.rfind("/*")?].trim_end();
    }
    let before = before.strip_suffix('(')?.trim_end().strip_suffix("import")?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    (!before.ends_with(is_word)).then_some(before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_import_are_distinguished_from_other_code() {
        for (code, expected) in [
            ("a=import(\"./x", Some(2)),
            ("import( /* a */ /* b */ `./x", Some(0)),
            ("import\"./x", None),
            ("from\"./x", None),
            ("my.import(\"./x", None),
            ("reimport(\"./x", None),
            ("f(\"./x", None),
        ] {
            let argument = code.rfind("./x").expect(code);
            assert_eq!(call_before(code, argument), expected, "{code}");
        }
    }
}
