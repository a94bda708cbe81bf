//! References between outputs: what a source wrote, the output that it means, and the token that stands for its URL
//! until that is known.

mod resolve;
mod token;

pub(crate) use self::{
    resolve::{Purpose, Tree, output_of},
    token::{Form, Piece, Reference, ReferenceSite, ReferenceTable, References},
};
