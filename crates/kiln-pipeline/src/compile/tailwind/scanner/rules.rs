//! Rules of automatic source detection, by Tailwind's documentation: files that git ignores, installed packages,
//! binaries, lock files and style sheets are scanned only when a style sheet names them.

use std::{ffi::OsStr, path::Path};

use ignore::{DirEntry, gitignore::Gitignore};

use crate::config::DECLARATIONS;

const FOLDERS: [&str; 14] = [
    ".git",
    ".hg",
    ".next",
    ".parcel-cache",
    ".pnpm-store",
    ".svelte-kit",
    ".svn",
    ".turbo",
    ".vercel",
    ".venv",
    ".yarn",
    "__pycache__",
    "node_modules",
    "venv",
];

/// Ignored files: those of the official scanner, and the declarations that a build writes, none of whose words may become
/// a class of the next build.
const FILES: [&str; 6] =
    [".env", ".gitignore", "bun.lockb", DECLARATIONS, "package-lock.json", "pnpm-lock.yaml"];

/// Extensions of style sheets and of lock files.
const LANGUAGES: [&str; 5] = ["less", "lock", "sass", "scss", "styl"];

const BINARIES: [&str; 114] = [
    "3gp",
    "7z",
    "DS_Store",
    "a",
    "aac",
    "ai",
    "apk",
    "appimage",
    "asf",
    "avi",
    "avif",
    "bak",
    "bin",
    "bmp",
    "br",
    "bz2",
    "cab",
    "class",
    "cur",
    "dat",
    "db",
    "deb",
    "dll",
    "dmg",
    "doc",
    "docx",
    "dot",
    "dts",
    "eot",
    "epub",
    "exe",
    "f4v",
    "flac",
    "flv",
    "geojson",
    "gif",
    "gz",
    "hdr",
    "icns",
    "ico",
    "img",
    "iso",
    "jar",
    "jpeg",
    "jpg",
    "key",
    "ktx",
    "lib",
    "lockb",
    "lz",
    "lzma",
    "m3u",
    "m4a",
    "m4v",
    "mid",
    "mkv",
    "mobi",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "mpg",
    "node",
    "numbers",
    "o",
    "odp",
    "ods",
    "odt",
    "oga",
    "ogg",
    "ogv",
    "onnx",
    "otf",
    "pages",
    "pbm",
    "pdb",
    "pdf",
    "plist",
    "png",
    "ppt",
    "pptx",
    "psd",
    "pyc",
    "rar",
    "raw",
    "resources",
    "rpm",
    "rtf",
    "sketch",
    "snap",
    "so",
    "sqlite",
    "sqlite3",
    "stl",
    "sub",
    "swf",
    "tar",
    "tga",
    "tgz",
    "tif",
    "tiff",
    "ttc",
    "ttf",
    "wasm",
    "wav",
    "webm",
    "webp",
    "woff",
    "woff2",
    "xls",
    "xlsx",
    "xz",
    "zip",
    "zst",
];

/// Whether `file` is scanned only when a pattern names it.
pub(super) fn is_left_out(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    FILES.contains(&&*name)
        || name.starts_with(".env.")
        || LANGUAGES.contains(&extension(file))
        || is_binary(file)
}

pub(super) fn is_binary(file: &Path) -> bool {
    BINARIES.binary_search(&extension(file)).is_ok()
}

/// Whether the walk skips this folder. `CACHEDIR.TAG` is in cargo's target folder, with outputs of earlier builds
/// (<https://bford.info/cachedir/>).
pub(super) fn is_skipped_folder(entry: &DirEntry) -> bool {
    let is_below = entry.depth() > 0;
    let is_named = FOLDERS.iter().any(|name| entry.file_name() == *name);
    is_below && (is_named || entry.path().join("CACHEDIR.TAG").is_file()) && entry.path().is_dir()
}

/// Whether automatic detection skips `folder`.
pub(super) fn is_ignored(folder: &Path, package: &Path) -> bool {
    let relative = folder.strip_prefix(package).unwrap_or(folder);
    let is_named = relative.iter().any(|segment| FOLDERS.iter().any(|name| segment == *name));
    is_named || is_ignored_by_git(folder)
}

fn is_ignored_by_git(folder: &Path) -> bool {
    for parent in folder.ancestors().skip(1) {
        let rules = parent.join(".gitignore");
        if rules.is_file() && Gitignore::new(&rules).0.matched_path_or_any_parents(folder, true).is_ignore() {
            return true;
        }
        if parent.join(".git").exists() {
            return false;
        }
    }
    false
}

pub(super) fn extension(file: &Path) -> &str {
    file.extension().and_then(OsStr::to_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extensions_of_binaries_are_sorted() {
        assert!(BINARIES.is_sorted());
    }
}
