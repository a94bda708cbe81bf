//! The contract between the two lifecycles: the manifest that `kiln-build` writes and `kiln` reads, and the rules of
//! migrations, which both check.
//!
//! The crate touches no file, socket or clock. A [`Manifest`] lists every [`Asset`] of one build;
//! an asset is known to people by its [`LogicalPath`], to browsers by its URL, and to the executable by
//! the bytes of its [`Variant`]s, one for each [`Coding`]: in a file, or in the pack that holds all small ones.
//!
//! ```
//! use kiln_manifest::{Coding, Digest, LogicalPath};
//!
//! let path = LogicalPath::new("css/app.css")?;
//! let digest = Digest::of(b"body{margin:0}");
//! assert_eq!(path.with_fingerprint(&digest), format!("css/app-{}.css", digest.fingerprint()));
//! assert_eq!(Coding::Brotli.token(), "br");
//! # Ok::<(), kiln_manifest::InvalidPath>(())
//! ```

mod digest;

mod logical_path;

mod coding;

mod place;

mod preload;

mod temporary;

pub mod migration;

mod source;

mod directive;

mod policy_source;

mod policy;

mod asset;

mod manifest;

mod provenance;

mod table;

pub use asset::{Asset, Exposure, Release, Variant};
pub use coding::Coding;
pub use digest::{Digest, Digesting, InvalidDigest};
pub use directive::Directive;
pub use logical_path::{InvalidPath, LogicalPath};
pub use manifest::{MANIFEST_FILE, Manifest, Mode};
pub use place::{PACK_FILE, Place};
pub use policy::{Enforcement, Policy, SitePolicy};
pub use policy_source::{InvalidSource, PolicySource};
pub use preload::{CorsSetting, Destination, Preload};
pub use provenance::{COMMIT_VARIABLE, Provenance};
pub use source::{SOURCE_FOLDERS, SourceFile};
pub use table::{entry, no_such_asset};
pub use temporary::is_editor_temporary;
