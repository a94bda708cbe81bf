//! The resolver, which alone decides which table is current.
//!
//! In [`Mode::Release`] that is the table made at start-up. In [`Mode::Dev`] the watcher may have
//! replaced the output folder since; it writes the manifest last, and every change of content changes
//! the manifest, so comparing its bytes is enough.

use std::{
    borrow::Cow,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use kiln_manifest::{MANIFEST_FILE, Mode};

use super::{AssetsError, embedded::Embedded, table::Table};

/// The source of the current table.
pub(super) enum Resolver {
    /// One table, made at start-up.
    Fixed(Box<Table>),
    /// The newest table that could be made.
    Development {
        /// The folder.
        embedded: Embedded,
        /// The last manifest and its table.
        newest: Mutex<Snapshot>,
    },
}

/// A manifest and its table.
pub(super) struct Snapshot {
    manifest: Cow<'static, [u8]>,
    table: Arc<Table>,
}

/// The table of one request.
pub(super) enum CurrentTable<'a> {
    Fixed(&'a Table),
    Snapshot(Arc<Table>),
}

impl Resolver {
    pub(super) fn load(embedded: Embedded) -> Result<Self, AssetsError> {
        let manifest = embedded.read(MANIFEST_FILE).ok_or(AssetsError::NoManifest)?;
        let (manifest, table) = build(manifest, embedded)?;
        Ok(match table.manifest().mode {
            Mode::Release => Self::Fixed(Box::new(table)),
            Mode::Dev => Self::Development {
                embedded,
                newest: Mutex::new(Snapshot { manifest, table: Arc::new(table) }),
            },
        })
    }

    pub(super) fn table(&self) -> CurrentTable<'_> {
        match self {
            Self::Fixed(table) => CurrentTable::Fixed(table),
            Self::Development { embedded, newest } => {
                // A snapshot is replaced as a whole, so one from before a panic is as good as any.
                let mut newest = newest.lock().unwrap_or_else(PoisonError::into_inner);
                newest.refresh(*embedded);
                CurrentTable::Snapshot(Arc::clone(&newest.table))
            }
        }
    }
}

/// A table of this manifest, or of the one that has replaced it: a watcher deletes files that the new manifest does not
/// name, possibly after the old one was read.
fn build(
    mut manifest: Cow<'static, [u8]>,
    embedded: Embedded,
) -> Result<(Cow<'static, [u8]>, Table), AssetsError> {
    loop {
        let error = match Table::build(&manifest, embedded) {
            Ok(table) => return Ok((manifest, table)),
            Err(error) => error,
        };
        match embedded.read(MANIFEST_FILE) {
            Some(newer) if newer != manifest => manifest = newer,
            _ => return Err(error),
        }
    }
}

impl Snapshot {
    /// Reads the manifest again. The last complete table stays while the folder is being written.
    fn refresh(&mut self, embedded: Embedded) {
        let Some(manifest) = embedded.read(MANIFEST_FILE) else { return };
        if manifest == self.manifest {
            return;
        }
        match build(manifest, embedded) {
            Ok((manifest, table)) => *self = Self { manifest, table: Arc::new(table) },
            Err(error) => {
                tracing::warn!(%error, "cannot load the changed assets; still serving the previous ones");
            }
        }
    }
}

impl Deref for CurrentTable<'_> {
    type Target = Table;

    fn deref(&self) -> &Table {
        match self {
            Self::Fixed(table) => table,
            Self::Snapshot(table) => table,
        }
    }
}
