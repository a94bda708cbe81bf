//! Provenance: the package, the compiler and the commit of an executable, and its bill of materials.

mod package;
mod sbom;

pub use self::{
    package::{PROVENANCE_FILE, Package},
    sbom::{SBOM_FILE, bill},
};
