//! The subset of CycloneDX 1.6 (<https://cyclonedx.org/docs/1.6/json/>) that a bill uses.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;

use super::licence::Licence;
use crate::Error;

/// A bill of materials, without the serial number and the time stamp, which would differ in each build.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    version: u32,
    metadata: DocumentMetadata,
    components: Vec<Component>,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Serialize)]
struct DocumentMetadata {
    lifecycles: [Lifecycle; 1],
    tools: Tools,
    component: Component,
}

#[derive(Debug, Serialize)]
struct Lifecycle {
    phase: &'static str,
}

#[derive(Debug, Serialize)]
struct Tools {
    components: [Component; 1],
}

/// A crate or an npm package.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Component {
    #[serde(rename = "type")]
    pub(super) kind: ComponentKind,
    /// The identifier in the document: the package URL.
    #[serde(rename = "bom-ref")]
    pub(super) reference: String,
    /// The scope of an npm package, `@scope`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<String>,
    pub(super) name: String,
    pub(super) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<Scope>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) hashes: Vec<Hash>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) licenses: Vec<Licence>,
    pub(super) purl: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ComponentKind {
    Application,
    Library,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scope {
    /// Part of the executable.
    Required,
    /// Part of the build only.
    Excluded,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Hash {
    pub(super) alg: &'static str,
    /// The digest, in hexadecimal.
    pub(super) content: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(rename = "ref")]
    reference: String,
    depends_on: BTreeSet<String>,
}

impl Document {
    pub(super) fn new(
        component: Component,
        components: Vec<Component>,
        dependencies: BTreeMap<String, BTreeSet<String>>,
    ) -> Self {
        Self {
            schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
            bom_format: "CycloneDX",
            spec_version: "1.6",
            version: 1,
            metadata: DocumentMetadata {
                lifecycles: [Lifecycle { phase: "build" }],
                tools: Tools { components: [tool()] },
                component,
            },
            components,
            dependencies: dependencies
                .into_iter()
                .map(|(reference, depends_on)| Dependency { reference, depends_on })
                .collect(),
        }
    }
}

fn tool() -> Component {
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    Component {
        kind: ComponentKind::Application,
        reference: "tool".to_owned(),
        group: None,
        name: name.to_owned(),
        version: version.to_owned(),
        scope: None,
        hashes: Vec::new(),
        licenses: Vec::new(),
        purl: format!("pkg:cargo/{name}@{version}"),
    }
}

/// An error of the bill of materials.
pub(super) fn failed(problem: &dyn fmt::Display) -> Error {
    Error::Tool { tool: "the bill of materials", problem: problem.to_string(), help: None }
}
