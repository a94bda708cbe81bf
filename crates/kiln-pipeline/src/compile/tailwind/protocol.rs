//! The protocol between engine and host: the one runs on a thread of its own, the other on that of the build.

use std::sync::mpsc::{self, Sender};

use serde::{Deserialize, Serialize};

use super::bytecode::Bytecode;

/// One style sheet to compile.
pub(super) struct Job {
    /// The file of the engine's `CommonJS` build, and its text.
    pub(super) engine: String,
    pub(super) source: String,
    pub(super) css: String,
    pub(super) path: String,
    pub(super) base: String,
    /// Whether the engine reports where the output comes from.
    pub(super) is_mapped: bool,
}

/// The style sheet that the engine has written.
#[derive(Deserialize, Serialize)]
pub(super) struct Output {
    pub(super) css: String,
    /// Positions in the output and where they come from, as JSON.
    pub(super) map: Option<String>,
}

/// An exception that the engine threw.
#[derive(Debug)]
pub(super) struct Thrown {
    pub(super) message: String,
    /// The file, and the offset in its compiled text, where the engine knows them.
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
    /// The function of which a module's text is the body.
    Bytecode {
        source: String,
        path: String,
        reply: Sender<Result<Bytecode, String>>,
    },
}

/// The engine's side, for one job.
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
