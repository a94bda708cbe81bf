//! The link stage.

use std::collections::BTreeMap;

use super::{
    check::{check, check_urls, positions},
    linker::{Linker, Named},
    metadata::OutputMetadata,
    output::{Linked, LinkedOutputs},
};
use crate::{
    Config, Result,
    compile::{Compilation, Compiled, Content},
};

/// Links all compiled outputs.
///
/// # Errors
/// References to private or missing outputs, and outputs with the same name or URL.
pub(crate) fn link(config: &Config, compilation: Compilation) -> Result<LinkedOutputs> {
    let Compilation { outputs, references, mut maps, sources } = compilation;
    let index = positions(&outputs)?;
    check(&outputs, &index, &references)?;
    let mut linker = Linker {
        config,
        outputs: &outputs,
        index: &index,
        references: &references,
        maps: maps.keys().cloned().collect(),
        done: BTreeMap::new(),
    };
    for component in linker.components() {
        linker.name(&component);
    }
    let metadata: Vec<_> = outputs.iter().map(|output| linker.metadata(output)).collect();
    let mapped = outputs.iter().enumerate().filter_map(|(position, output)| match &output.content {
        Content::Text(text) => Some(linker.map(position, text, maps.remove(&output.path)?)),
        Content::File(_) => None,
    });
    let mapped = mapped.collect::<Result<Vec<_>>>()?;
    let named = linker.done.into_values();
    let done = outputs.into_iter().zip(named).zip(metadata).map(linked);
    let done: Vec<Linked> = done.chain(mapped).collect();
    check_urls(&done)?;
    Ok(LinkedOutputs { outputs: done, sources })
}

fn linked(((output, named), metadata): ((Compiled, Named), OutputMetadata)) -> Linked {
    let OutputMetadata { refers_to, imports, preloads, inline } = metadata;
    Linked {
        path: output.path,
        exposure: output.exposure,
        url: named.url,
        file: named.file,
        media_type: output.media_type,
        body: named.content.into_body(output.content),
        digest: named.digest,
        refers_to,
        imports,
        preloads,
        inline,
    }
}
