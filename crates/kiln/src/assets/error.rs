//! Why assets cannot be loaded.

use kiln_manifest::{LogicalPath, MANIFEST_FILE, PACK_FILE};

/// Why assets cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The embedded folder holds no manifest.
    #[error(
        "nothing is embedded: there is no `{MANIFEST_FILE}`; call kiln_build from build.rs, and embed what \
         it makes with #[derive(rust_embed::RustEmbed)] #[folder = \"$OUT_DIR/kiln\"]"
    )]
    NoManifest,
    /// The manifest is not one, or was written by another version.
    #[error("`{MANIFEST_FILE}` cannot be read; give kiln and kiln-build the same version and build again")]
    Manifest(#[from] serde_json::Error),
    /// An asset has no representation without a coding.
    #[error("`{path}` has no identity representation; build again with the same version of kiln-build")]
    NoIdentity {
        /// The asset.
        path: LogicalPath,
    },
    /// A file of the manifest is not embedded.
    #[error("`{file}` of `{path}` is not embedded; build again, and leave the output folder alone")]
    MissingFile {
        /// The asset.
        path: LogicalPath,
        /// Its file.
        file: String,
    },
    /// A file is not as long as the manifest says.
    #[error(
        "`{file}` of `{path}` has {found} bytes where the manifest says {expected}; build again, and leave \
         the output folder alone"
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
    /// The bytes of an asset would end behind those that are embedded.
    #[error(
        "`{file}` of `{path}` is not in `{PACK_FILE}`, which has {length} bytes; build again, and leave the \
         output folder alone"
    )]
    BeyondPack {
        /// The asset.
        path: LogicalPath,
        /// The variant of it.
        file: String,
        /// Bytes in the pack.
        length: u64,
    },
    /// A URL of the manifest cannot occur in a request.
    #[error("`{path}` has the URL `{url}`, which no request can name; rename the file")]
    Url {
        /// The asset.
        path: LogicalPath,
        /// Its URL.
        url: String,
    },
    /// Two assets have one URL.
    #[error("`{path}` and another asset both have the URL `{url}`; rename one of them")]
    DuplicateUrl {
        /// The later of the two assets.
        path: LogicalPath,
        /// Their URL.
        url: String,
    },
    /// A value cannot stand in a header.
    #[error("`{path}` needs the header value `{value}`, which HTTP does not allow; correct its media type")]
    Header {
        /// The asset.
        path: LogicalPath,
        /// The value.
        value: String,
    },
}
