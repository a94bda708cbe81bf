//! The protocol between the engine, on a thread of its own, and the host, on the thread of the build.

use std::sync::mpsc::{self, Sender};

use serde::{Deserialize, Serialize};

use super::bytecode::Bytecode;

/// One style sheet to compile.
pub(super) struct Job {
    /// The file of Tailwind's `CommonJS` build.
    pub(super) engine: String,
    /// The text of that file.
    pub(super) source: String,
    pub(super) css: String,
    /// The file of the sheet.
    pub(super) path: String,
    /// The folder of the sheet.
    pub(super) base: String,
    /// Whether the output has a source map.
    pub(super) is_mapped: bool,
}

/// The output of the engine for one style sheet.
#[derive(Deserialize, Serialize)]
pub(super) struct Output {
    pub(super) css: String,
    /// The source map of the engine, as JSON.
    pub(super) map: Option<String>,
}

/// An exception of the engine.
#[derive(Debug)]
pub(super) struct Thrown {
    pub(super) message: String,
    /// The file, and the offset in its text with tokens, when the engine names them.
    pub(super) offset: Option<(String, usize)>,
}

impl Thrown {
    pub(super) fn new(message: String) -> Self {
        Self { message, offset: None }
    }
}

/// A request of the engine to its host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub(super) enum Request {
    /// A module, from the folder of the importer: JSON with `path`, `base` and `content`.
    Module { id: String, base: String },
    /// A style sheet, from the folder of the importer: JSON with `path`, `base` and `content`.
    StyleSheet { id: String, base: String },
    /// The candidates for the compiled sheet's sources, as a JSON array.
    Candidates { plan: String },
    /// A warning, whose response is empty.
    Warning { text: String },
}

pub(super) type Response = Result<String, String>;

/// A message from the engine's thread to that of the host.
pub(super) enum Message {
    Request(Request, Sender<Response>),
    /// The request for the compiled function whose body is the text of a module.
    Bytecode {
        source: String,
        path: String,
        reply: Sender<Result<Bytecode, String>>,
    },
}

/// The engine's end of the protocol, for one job.
#[derive(Clone)]
pub(super) struct Channel(Sender<Message>);

impl Channel {
    pub(super) fn new(host: Sender<Message>) -> Self {
        Self(host)
    }

    pub(super) fn request(&self, request: Request) -> Response {
        self.send(|reply| Message::Request(request, reply))?
    }

    pub(super) fn bytecode(&self, source: String, path: String) -> Result<Bytecode, String> {
        self.send(|reply| Message::Bytecode { source, path, reply }).flatten()
    }

    fn send<T>(&self, message: impl FnOnce(Sender<T>) -> Message) -> Result<T, String> {
        let ended = || "the build has ended".to_owned();
        let (reply, response) = mpsc::channel();
        self.0.send(message(reply)).map_err(|_| ended())?;
        response.recv().map_err(|_| ended())
    }
}
