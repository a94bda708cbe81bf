//! YAML as package managers write it: blocks by indentation, scalars on one line.

/// The list under the top-level key `key`, in lines or in brackets.
pub(super) fn list(text: &str, key: &str) -> Vec<String> {
    let mut lines = text.lines();
    let Some(first) = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(':')) else {
        return Vec::new();
    };
    let first = first.trim();
    if let Some(inner) = first.strip_prefix('[') {
        let inner = inner.split(']').next().unwrap_or_default();
        return inner.split(',').map(scalar).filter(|item| !item.is_empty()).map(str::to_owned).collect();
    }
    lines
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map_while(|line| line.strip_prefix("- "))
        .map(|item| scalar(item).to_owned())
        .collect()
}

/// The value of the top-level key `key`.
pub(super) fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| Some(scalar(line.strip_prefix(key)?.strip_prefix(':')?)))
}

/// A scalar without quotes and without a comment behind it.
pub(super) fn scalar(written: &str) -> &str {
    let written = written.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = written.strip_prefix(quote) {
            return inner.split(quote).next().unwrap_or_default();
        }
    }
    written.split(" #").next().unwrap_or_default().trim_end()
}

/// The number of spaces before the text of a line.
pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_stand_in_lines_or_in_brackets() {
        let lines =
            "a: 1\npackages:\n  # all\n  - 'web/*' # members\n\n  - \"!web/old\"\n  - docs\nother:\n  - x\n";
        assert_eq!(list(lines, "packages"), ["web/*", "!web/old", "docs"]);
        assert_eq!(list("packages: ['web', docs]\n", "packages"), ["web", "docs"]);
        assert_eq!(list("  packages:\n  - web\n", "packages"), [""; 0]);
        assert_eq!(value("a: b\nnodeLinker: \"pnp\" # c\n", "nodeLinker"), Some("pnp"));
    }
}
