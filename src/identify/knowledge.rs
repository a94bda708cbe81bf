//! What is known about the labels and the network's shape, parsed once from the files beside the model.

use std::{collections::HashMap, sync::Arc};

use serde::Deserialize;

/// A kind of content, as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// The short name: `toml`.
    pub label: String,
    /// The long name: `Tom's obvious, minimal language`.
    pub description: String,
    /// The media type: `application/toml`.
    pub mime_type: String,
    /// The family: `code`, `image`, `archive`, …
    pub group: String,
    /// Whether people can read it as it is.
    pub nature: Nature,
}

/// Whether content is for people to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Characters in some encoding.
    Text,
    /// Anything else.
    Binary,
}

/// How many bytes the network reads, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// How much of each end of the file is looked at, before white space is stripped.
    pub block: usize,
    /// How many places the beginning has in the network's input.
    pub beginning: usize,
    /// How many places the end has.
    pub end: usize,
    /// Fewer bytes than this are not worth a prediction.
    pub least: usize,
    /// What stands in a place without a byte.
    pub padding: i32,
}

/// One place in the network's output.
#[derive(Clone, Debug)]
pub struct Label {
    /// What the network means by it.
    pub predicted: Arc<ContentType>,
    /// What is said when the score suffices.
    pub confident: Arc<ContentType>,
    /// What is said when it does not.
    pub doubtful: Arc<ContentType>,
    /// The score from which on the prediction is believed.
    pub threshold: f64,
}

/// Everything that is needed to turn scores into a verdict; no look-up in it can miss.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// The shape of the network's input.
    pub sizes: Sizes,
    /// In the order of the network's output.
    pub labels: Vec<Label>,
    /// A file of no bytes.
    pub empty: Arc<ContentType>,
    /// Text of no particular kind.
    pub text: Arc<ContentType>,
    /// Bytes of no particular kind.
    pub unknown: Arc<ContentType>,
}

/// Why the files beside the model are of no use.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// A file does not parse.
    #[error("`{file}` of the model does not parse; copy it anew from the release of the model")]
    Syntax {
        /// Which one.
        file: &'static str,
        /// What the parser says.
        #[source]
        cause: serde_json::Error,
    },
    /// The configuration names a label that the table of content types lacks.
    #[error("the model's label `{0}` has no content type; take both files from one release of the model")]
    Label(String),
    /// The configuration asks for features that are not computed here.
    #[error("the model reads features that this program does not compute ({0}); use `standard_v3_3`")]
    Features(&'static str),
}

impl Knowledge {
    /// Parses the network's configuration and the table of content types.
    ///
    /// # Errors
    /// When either does not parse, or they do not fit each other.
    pub fn parse(configuration: &[u8], content_types: &[u8]) -> Result<Self, KnowledgeError> {
        let configuration: Configuration = parse("config.min.json", configuration)?;
        configuration.check()?;
        let table = Table::parse(content_types)?;
        let labels = configuration.target_labels_space.iter().map(|name| configuration.label(name, &table));
        Ok(Self {
            labels: labels.collect::<Result<_, _>>()?,
            empty: table.get("empty")?,
            text: table.get(TEXT)?,
            unknown: table.get(UNKNOWN)?,
            sizes: configuration.sizes(),
        })
    }
}

const TEXT: &str = "txt";
const UNKNOWN: &str = "unknown";

fn parse<'a, T: Deserialize<'a>>(file: &'static str, content: &'a [u8]) -> Result<T, KnowledgeError> {
    serde_json::from_slice(content).map_err(|cause| KnowledgeError::Syntax { file, cause })
}

#[derive(Deserialize)]
struct Configuration {
    beg_size: usize,
    mid_size: usize,
    end_size: usize,
    block_size: usize,
    use_inputs_at_offsets: bool,
    min_file_size_for_dl: usize,
    padding_token: i32,
    medium_confidence_threshold: f64,
    target_labels_space: Vec<String>,
    thresholds: HashMap<String, f64>,
    overwrite_map: HashMap<String, String>,
}

impl Configuration {
    fn check(&self) -> Result<(), KnowledgeError> {
        if self.mid_size != 0 || self.use_inputs_at_offsets {
            return Err(KnowledgeError::Features("from the middle of the file"));
        }
        if self.block_size < self.beg_size.max(self.end_size) || self.beg_size < self.min_file_size_for_dl {
            return Err(KnowledgeError::Features("more than a block"));
        }
        Ok(())
    }

    fn sizes(&self) -> Sizes {
        Sizes {
            block: self.block_size,
            beginning: self.beg_size,
            end: self.end_size,
            least: self.min_file_size_for_dl,
            padding: self.padding_token,
        }
    }

    fn label(&self, name: &str, table: &Table) -> Result<Label, KnowledgeError> {
        let confident = table.get(self.overwrite_map.get(name).map_or(name, String::as_str))?;
        let doubtful = table.get(match confident.nature {
            Nature::Text => TEXT,
            Nature::Binary => UNKNOWN,
        })?;
        let threshold = self.thresholds.get(name).copied().unwrap_or(self.medium_confidence_threshold);
        Ok(Label { predicted: table.get(name)?, confident, doubtful, threshold })
    }
}

#[derive(Deserialize)]
struct Entry {
    mime_type: Option<String>,
    group: Option<String>,
    description: Option<String>,
    is_text: bool,
}

struct Table(HashMap<String, Arc<ContentType>>);

impl Table {
    fn parse(content: &[u8]) -> Result<Self, KnowledgeError> {
        let entries: HashMap<String, Entry> = parse("content_types_kb.min.json", content)?;
        Ok(Self(entries.into_iter().map(|(label, entry)| (label.clone(), entry.named(label))).collect()))
    }

    fn get(&self, label: &str) -> Result<Arc<ContentType>, KnowledgeError> {
        self.0.get(label).cloned().ok_or_else(|| KnowledgeError::Label(label.to_owned()))
    }
}

impl Entry {
    fn named(self, label: String) -> Arc<ContentType> {
        let nature = if self.is_text { Nature::Text } else { Nature::Binary };
        let media_type = match nature {
            Nature::Text => "text/plain",
            Nature::Binary => "application/octet-stream",
        };
        Arc::new(ContentType {
            description: self.description.unwrap_or_else(|| label.clone()),
            mime_type: self.mime_type.unwrap_or_else(|| media_type.to_owned()),
            group: self.group.unwrap_or_else(|| "unknown".to_owned()),
            nature,
            label,
        })
    }
}
