//! What the engine says to the host, and is told by it: the one runs on a thread of its own, the other on that of the
//! build.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::mpsc::{self, Sender},
};

use rquickjs::{Ctx, Exception, Function};
use serde::{Deserialize, Serialize};

use super::{bytecode::Bytecode, theme_values};

/// What the engine asks of its host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub(super) enum Question {
    /// A module, from the folder of the importer: JSON with `path`, `base` and `content`.
    Module { id: String, base: String },
    /// A style sheet, from the folder of the importer: JSON with `path`, `base` and `content`.
    StyleSheet { id: String, base: String },
    /// The candidates for the compiled sheet's sources, as a JSON array.
    Candidates { plan: String },
    /// The rules of the sheet that are printed apart.
    Plain,
    /// Nothing: it has something to say.
    Warning { text: String },
    /// Nothing, and there is no answer: a plugin reads a value for which a mark stands.
    ValueIsRead,
}

pub(super) type Answer = Result<String, String>;

/// What the engine's thread wants of the other one.
pub(super) enum Request {
    Answer(Question, Sender<Answer>),
    /// The function of which a module's text is the body.
    Bytecode {
        source: String,
        path: String,
        reply: Sender<Result<Bytecode, String>>,
    },
}

/// The engine's side. It leads to another host in each job.
#[derive(Clone, Default)]
pub(super) struct Line(Rc<RefCell<Option<Sender<Request>>>>);

impl Line {
    pub(super) fn connect(&self, host: Sender<Request>) {
        self.0.replace(Some(host));
    }

    /// Who asks no more is gone, and the other side goes on.
    pub(super) fn cut(&self) {
        self.0.take();
    }

    pub(super) fn ask(&self, question: Question) -> Answer {
        self.request(|reply| Request::Answer(question, reply))?
    }

    fn request<T>(&self, wanted: impl FnOnce(Sender<T>) -> Request) -> Result<T, String> {
        let ended = || "the build has ended".to_owned();
        let (reply, answer) = mpsc::channel();
        self.0.borrow().as_ref().ok_or_else(ended)?.send(wanted(reply)).map_err(|_| ended())?;
        answer.recv().map_err(|_| ended())
    }

    /// Gives the script the functions through which it reaches its host.
    pub(super) fn lend<'js>(&self, js: &Ctx<'js>) -> rquickjs::Result<()> {
        let globals = js.globals();
        let line = self.clone();
        let function = move |js: Ctx<'js>, source: String, path: String| line.function(&js, source, path);
        globals.set("hostFunction", Function::new(js.clone(), function)?)?;
        let line = self.clone();
        let module =
            move |js: Ctx<'_>, id: String, base: String| line.ask_for(&js, Question::Module { id, base });
        globals.set("hostLoadModule", Function::new(js.clone(), module)?)?;
        let line = self.clone();
        let sheet =
            move |js: Ctx<'_>, id: String, base: String| line.ask_for(&js, Question::StyleSheet { id, base });
        globals.set("hostLoadStylesheet", Function::new(js.clone(), sheet)?)?;
        let line = self.clone();
        let warn = move |js: Ctx<'_>, text: String| line.ask_for(&js, Question::Warning { text });
        globals.set("hostWarn", Function::new(js.clone(), warn)?)?;
        let line = self.clone();
        let refuse = move |js: Ctx<'_>| line.ask_for(&js, Question::ValueIsRead);
        globals.set("hostRefuse", Function::new(js.clone(), refuse)?)?;
        globals.set("markOfValue", theme_values::NAME)
    }

    fn ask_for(&self, js: &Ctx<'_>, question: Question) -> rquickjs::Result<String> {
        self.ask(question).map_err(|problem| Exception::throw_message(js, &problem))
    }

    fn function<'js>(&self, js: &Ctx<'js>, source: String, path: String) -> rquickjs::Result<Function<'js>> {
        let bytecode = self.request(|reply| Request::Bytecode { source, path, reply }).flatten();
        bytecode.map_err(|problem| Exception::throw_message(js, &problem))?.load(js)
    }
}
