//! Errors of loading assets.

use kiln_manifest::{LogicalPath, MANIFEST_FILE, PACK_FILE};

/// The reason why assets cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The embedded folder holds no manifest.
    #[error(
        "no assets are embedded: `{MANIFEST_FILE}` is missing; call kiln_build in build.rs, and embed its output \
         with #[derive(rust_embed::RustEmbed)] #[folder = \"$OUT_DIR/kiln\"]"
    )]
    NoManifest,
    /// The manifest cannot be parsed: it was written by another version, say.
    #[error("invalid `{MANIFEST_FILE}`: {0}; use the same version of kiln and kiln-build, and build again")]
    Manifest(#[from] serde_json::Error),
    /// A glob of the manifest cannot be parsed.
    #[error(
        "invalid glob in `{MANIFEST_FILE}`: {0}; use the same version of kiln and kiln-build, and build again"
    )]
    Glob(#[from] globset::Error),
    /// An asset has no representation without a coding.
    #[error("`{path}` has no identity representation; build again with the same version of kiln-build")]
    NoIdentity {
        /// The asset.
        path: LogicalPath,
    },
    /// A file of the manifest is not embedded.
    #[error("`{file}` of `{path}` is not embedded; build again, and do not edit the output folder")]
    MissingFile {
        /// The asset.
        path: LogicalPath,
        /// Its file.
        file: String,
    },
    /// A file is not as long as the manifest says.
    #[error(
        "`{file}` of `{path}` has {found} bytes, expected {expected}; build again, and do not edit the \
         output folder"
    )]
    Length {
        /// The asset.
        path: LogicalPath,
        /// Its file.
        file: String,
        /// Bytes in the manifest.
        expected: u64,
        /// Bytes in the file.
        found: u64,
    },
    /// The pack ends before the variant.
    #[error(
        "`{file}` of `{path}` is not in `{PACK_FILE}`, which has {length} bytes; build again, and do not edit the \
         output folder"
    )]
    BeyondPack {
        /// The asset.
        path: LogicalPath,
        /// Its variant.
        file: String,
        /// Bytes in the pack.
        length: u64,
    },
    /// A URL of the manifest cannot occur in a request.
    #[error("invalid URL `{url}` of `{path}`; rename the file")]
    Url {
        /// The asset.
        path: LogicalPath,
        /// Its URL.
        url: String,
    },
    /// Two assets have one URL.
    #[error("duplicate URL `{url}` of `{path}` and another asset; rename one of them")]
    DuplicateUrl {
        /// The later of the two assets.
        path: LogicalPath,
        /// Their URL.
        url: String,
    },
    /// A value cannot stand in a header.
    #[error("invalid header `{value}` of `{path}`; correct its media type or `headers`")]
    Header {
        /// The asset.
        path: LogicalPath,
        /// The value.
        value: String,
    },
}
