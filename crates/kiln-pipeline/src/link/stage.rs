//! The link stage.

use std::{collections::BTreeMap, mem::take};

use super::{
    check::{check, check_urls, positions},
    linker::Linker,
    output::{Linked, LinkedOutputs},
};
use crate::{
    Config, Result,
    compile::{Compilation, Content},
};

/// Links all compiled outputs.
///
/// # Errors
/// References to private or missing outputs, and outputs with the same name or URL.
pub(crate) fn link(config: &Config, compilation: Compilation) -> Result<LinkedOutputs> {
    let Compilation { outputs, references, mut maps, demands, sources } = compilation;
    let index = positions(&outputs)?;
    check(&outputs, &index, &references)?;
    let mut linker = Linker {
        config,
        outputs: &outputs,
        index: &index,
        references: &references,
        maps: maps.keys().cloned().collect(),
        named: BTreeMap::new(),
        bodies: BTreeMap::new(),
    };
    linker.check_origins()?;
    for component in linker.components() {
        linker.name(&component);
    }
    let bodies = take(&mut linker.bodies).into_iter();
    let named = bodies.map(|(position, body)| Ok(linker.linked(position, body)));
    let mapped = outputs.iter().enumerate().filter_map(|(position, output)| match &output.content {
        Content::Text(text) => Some(linker.map(position, text, maps.remove(&output.path)?)),
        Content::File(_) => None,
    });
    let outputs: Vec<Linked> = named.chain(mapped).collect::<Result<_>>()?;
    check_urls(&outputs)?;
    Ok(LinkedOutputs { outputs, demands, sources })
}
