//! Third stage, link: resolves references leaves first, writes them into content, and hashes the result.
//!
//! A name holds the hash of the final bytes, so a parent's name changes when a child's content does. Scripts that
//! import each other in a cycle form a strongly connected component, and are named together.

mod output;

mod scc;

mod check;

mod place;

mod asset_list;

mod linker;

mod origin;

mod name;

mod metadata;

mod map;

mod stage;

#[cfg(test)]
mod properties;

pub(crate) use self::{
    output::{Body, Linked, LinkedOutputs},
    stage::link,
};
