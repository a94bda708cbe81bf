//! `QuickJS`, on a thread of its own.

use std::{
    sync::mpsc::{self, Sender},
    thread,
};

use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, Exception, FromJs, Function, Runtime, function::IntoArgs,
    promise::MaybePromise,
};

const GLUE: &str = include_str!("engine.js");

/// The engine recurses deeply on large style sheets: the limit of `QuickJS` in bytes, and a thread that can hold
/// it.
const SCRIPT_STACK: usize = 8 << 20;
const THREAD_STACK: usize = 2 * SCRIPT_STACK;

/// One style sheet to compile.
pub(super) struct Job {
    /// The file of the engine's `CommonJS` build.
    pub(super) engine: String,
    pub(super) css: String,
    pub(super) path: String,
    pub(super) base: String,
}

/// What the engine asks of its host.
#[derive(Debug)]
pub(super) enum Question {
    /// The content of a file.
    Read { path: String },
    /// A module, from the folder of the importer: JSON with `path`, `base` and `code`.
    Module { id: String, base: String },
    /// A style sheet, from the folder of the importer: JSON with `path`, `base` and `content`.
    StyleSheet { id: String, base: String },
    /// The candidates for the compiled sheet's sources, as a JSON array.
    Candidates { plan: String },
    /// Nothing: it has something to say.
    Warning { text: String },
}

/// An exception that the engine threw.
#[derive(Debug)]
pub(super) struct Thrown {
    pub(super) message: String,
    /// The file, and the offset in its marked text, where the engine knows them.
    pub(super) offset: Option<(String, usize)>,
}

type Answer = Result<String, String>;

/// Compiles `job`, putting the engine's questions to `answer` on this thread.
pub(super) fn run(
    job: Job,
    mut answer: impl FnMut(Question) -> Answer,
) -> Result<Result<String, Thrown>, String> {
    let (ask, questions) = mpsc::channel();
    let engine = thread::Builder::new()
        .name("tailwind".to_owned())
        .stack_size(THREAD_STACK)
        .spawn(move || compile(&job, &Host(ask)))
        .map_err(|cause| cause.to_string())?;
    for (question, reply) in questions {
        // The engine waits for the reply, so that it is there to take it.
        let _ = reply.send(answer(question));
    }
    engine.join().map_err(|_| "the engine's thread panicked".to_owned())
}

/// The engine's side of the conversation.
#[derive(Clone)]
struct Host(Sender<(Question, Sender<Answer>)>);

impl Host {
    fn ask(&self, question: Question) -> Answer {
        let (reply, answer) = mpsc::channel();
        self.0.send((question, reply)).map_err(|_| "the build has ended".to_owned())?;
        answer.recv().map_err(|_| "the build has ended".to_owned())?
    }

    fn ask_from(&self, js: &Ctx<'_>, question: Question) -> rquickjs::Result<String> {
        self.ask(question).map_err(|problem| Exception::throw_message(js, &problem))
    }
}

fn compile(job: &Job, host: &Host) -> Result<String, Thrown> {
    let runtime = Runtime::new().map_err(|error| Thrown::new(error.to_string()))?;
    runtime.set_max_stack_size(SCRIPT_STACK);
    let context = Context::full(&runtime).map_err(|error| Thrown::new(error.to_string()))?;
    context.with(|js| {
        lend(&js, host).catch(&js).map_err(|error| thrown(&error))?;
        js.eval::<(), _>(GLUE).catch(&js).map_err(|error| thrown(&error))?;
        let sheet = (job.engine.as_str(), job.css.as_str(), job.path.as_str(), job.base.as_str());
        let plan: String = call(&js, "kilnCompile", sheet)?;
        let candidates = host.ask(Question::Candidates { plan }).map_err(Thrown::new)?;
        call(&js, "kilnBuild", (candidates,))
    })
}

/// Gives the script the functions through which it reaches its host.
fn lend(js: &Ctx<'_>, host: &Host) -> rquickjs::Result<()> {
    let globals = js.globals();
    let one = host.clone();
    let read = move |js: Ctx<'_>, path: String| one.ask_from(&js, Question::Read { path });
    globals.set("hostRead", Function::new(js.clone(), read)?)?;
    let one = host.clone();
    let module =
        move |js: Ctx<'_>, id: String, base: String| one.ask_from(&js, Question::Module { id, base });
    globals.set("hostLoadModule", Function::new(js.clone(), module)?)?;
    let one = host.clone();
    let sheet =
        move |js: Ctx<'_>, id: String, base: String| one.ask_from(&js, Question::StyleSheet { id, base });
    globals.set("hostLoadStylesheet", Function::new(js.clone(), sheet)?)?;
    let one = host.clone();
    let warn = move |js: Ctx<'_>, text: String| one.ask_from(&js, Question::Warning { text });
    globals.set("hostWarn", Function::new(js.clone(), warn)?)
}

fn call<'js, T: FromJs<'js>>(js: &Ctx<'js>, name: &str, arguments: impl IntoArgs<'js>) -> Result<T, Thrown> {
    let call = || {
        let function: Function<'js> = js.globals().get(name)?;
        function.call::<_, MaybePromise<'js>>(arguments)?.finish()
    };
    call().catch(js).map_err(|error| thrown(&error))
}

fn thrown(error: &CaughtError<'_>) -> Thrown {
    let CaughtError::Exception(exception) = error else {
        return Thrown::new(error.to_string());
    };
    let message = exception.message().unwrap_or_default();
    Thrown { offset: offset(exception), message }
}

/// `CssSyntaxError` carries `loc: [{file, code}, start, end]`.
fn offset(exception: &Exception<'_>) -> Option<(String, usize)> {
    let location: rquickjs::Array<'_> = exception.as_object().get("loc").ok()?;
    let source: rquickjs::Object<'_> = location.get(0).ok()?;
    Some((source.get("file").ok()?, location.get(1).ok()?))
}

impl Thrown {
    fn new(message: String) -> Self {
        Self { message, offset: None }
    }
}
