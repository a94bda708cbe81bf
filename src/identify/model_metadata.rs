//! Labels and shape of the network, parsed once from the files beside the model.

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

/// Parts of a file that the network reads, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes at each end of the file that are looked at, before white space is stripped.
    pub block: usize,
    /// Places of the beginning in the network's input.
    pub beginning: usize,
    /// Places of the end.
    pub end: usize,
    /// Least number of bytes that is worth a prediction.
    pub least: usize,
    /// Token in a place without a byte.
    pub padding: i32,
}

/// One place in the network's output.
#[derive(Clone, Debug)]
pub struct Label {
    /// Meaning of the place.
    pub predicted: Arc<ContentType>,
    /// Answer when the score suffices.
    pub confident: Arc<ContentType>,
    /// Answer when it does not.
    pub doubtful: Arc<ContentType>,
    /// Score from which on the prediction is believed.
    pub threshold: f64,
}

/// Everything that turns scores into a verdict; no look-up in it can miss.
#[derive(Clone, Debug)]
pub struct ModelMetadata {
    /// Shape of the network's input.
    pub sizes: Sizes,
    /// Labels in the order of the network's output.
    pub labels: Vec<Label>,
    /// A file of no bytes.
    pub empty: Arc<ContentType>,
    /// Text of no particular kind.
    pub text: Arc<ContentType>,
    /// Bytes of no particular kind.
    pub unknown: Arc<ContentType>,
}

/// Files beside the model that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelMetadataError {
    /// A file does not parse.
    #[error("invalid `{file}`; copy it again from the release of the model")]
    Syntax {
        /// Name of the file.
        file: &'static str,
        /// The parser's error.
        #[source]
        cause: serde_json::Error,
    },
    /// Label of the configuration that the table of content types lacks.
    #[error(
        "no content type for the label `{0}` of the model; take both files from one release of the model"
    )]
    Label(String),
    /// Features that the configuration asks for and that are not computed here.
    #[error("unsupported features of the model: {0}; use the model `standard_v3_3`")]
    Features(&'static str),
}

impl ModelMetadata {
    /// Parses the network's configuration and the table of content types.
    ///
    /// # Errors
    /// When either does not parse, or they do not fit each other.
    pub fn parse(configuration: &[u8], content_types: &[u8]) -> Result<Self, ModelMetadataError> {
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

fn parse<'a, T: Deserialize<'a>>(file: &'static str, content: &'a [u8]) -> Result<T, ModelMetadataError> {
    serde_json::from_slice(content).map_err(|cause| ModelMetadataError::Syntax { file, cause })
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
    fn check(&self) -> Result<(), ModelMetadataError> {
        if self.mid_size != 0 || self.use_inputs_at_offsets {
            return Err(ModelMetadataError::Features("from the middle of the file"));
        }
        if self.block_size < self.beg_size.max(self.end_size) || self.beg_size < self.min_file_size_for_dl {
            return Err(ModelMetadataError::Features("more than a block"));
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

    fn label(&self, name: &str, table: &Table) -> Result<Label, ModelMetadataError> {
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
    fn parse(content: &[u8]) -> Result<Self, ModelMetadataError> {
        let entries: HashMap<String, Entry> = parse("content_types_kb.min.json", content)?;
        Ok(Self(entries.into_iter().map(|(label, entry)| (label.clone(), entry.named(label))).collect()))
    }

    fn get(&self, label: &str) -> Result<Arc<ContentType>, ModelMetadataError> {
        self.0.get(label).cloned().ok_or_else(|| ModelMetadataError::Label(label.to_owned()))
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
