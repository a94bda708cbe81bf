//! `QuickJS`, on a thread of its own.

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    time::Duration,
};

use kiln_manifest::Digest;
use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, Exception, FromJs, Function, function::IntoArgs,
    promise::MaybePromise,
};
use serde::{Deserialize, Serialize};

use super::{
    bytecode::Bytecode,
    conversation::{Answer, Line, Question, Request},
    failed,
    quickjs::{GARBAGE, Patience, start, thread},
};
use crate::{Result, cache::Cache};

pub(super) const GLUE: &str = include_str!("engine.js");

/// Garbage is collected when nobody has asked for so long; who builds once has mostly ended by then.
const IDLE: Duration = Duration::from_secs(1);

/// One style sheet to compile.
pub(super) struct Job {
    /// The file of the engine's `CommonJS` build, and its text.
    pub(super) engine: String,
    pub(super) source: String,
    pub(super) css: String,
    pub(super) path: String,
    pub(super) base: String,
    /// Whether it has to be told where the output comes from.
    pub(super) is_mapped: bool,
    /// Whether some of its rules are printed apart.
    pub(super) is_parted: bool,
}

/// What became of it.
#[derive(Deserialize, Serialize)]
pub(super) struct Built {
    pub(super) sheet: Output,
    /// The rules that were printed apart, if that was possible.
    pub(super) apart: Option<Output>,
}

/// What the engine has written.
#[derive(Deserialize, Serialize)]
pub(super) struct Output {
    pub(super) css: String,
    /// Places in the output and where they come from, as JSON.
    pub(super) map: Option<String>,
}

/// An exception that the engine threw.
#[derive(Debug)]
pub(super) struct Thrown {
    pub(super) message: String,
    /// The file, and the offset in its marked text, where the engine knows them.
    pub(super) offset: Option<(String, usize)>,
}

/// Compiles `job`, putting the engine's questions to `answer` on this thread.
pub(super) fn run(
    cache: &Cache,
    job: Job,
    mut answer: impl FnMut(Question) -> Answer,
) -> Result<Result<Built, Thrown>> {
    let engine = Engine::for_sheet(&job)?;
    let (ask, requests) = mpsc::channel();
    let (done, outcome) = mpsc::channel();
    let panicked = || failed("the engine's thread panicked".to_owned());
    engine.work.send(Work { job, host: ask, done }).map_err(|_| panicked())?;
    let mut failure = None;
    for request in requests {
        // The engine waits for the reply, so that it is there to take it.
        let _ = match request {
            Request::Answer(question, reply) => reply.send(answer(question)).is_ok(),
            Request::Bytecode { source, path, reply } => {
                let made = Bytecode::of(cache, &source, &path);
                reply.send(made.map_err(|error| failure.insert(error).to_string())).is_ok()
            }
        };
    }
    if let Some(failure) = failure {
        return Err(failure);
    }
    let outcome = outcome.recv().map_err(|_| panicked())?;
    if outcome.is_ok() {
        engine.rest();
    }
    Ok(outcome)
}

/// An engine on a thread of its own, for one style sheet. It rests between the builds of a process that builds
/// again and again: to start one takes longer than most of its work.
struct Engine {
    kind: Kind,
    work: Sender<Work>,
}

/// What has to be the same for an engine to be used again: its text, which an update replaces, and its sheet.
#[derive(PartialEq)]
struct Kind {
    source: Digest,
    sheet: String,
}

struct Work {
    job: Job,
    host: Sender<Request>,
    done: Sender<Result<Built, Thrown>>,
}

static RESTING: Mutex<Vec<Engine>> = Mutex::new(Vec::new());

impl Engine {
    fn for_sheet(job: &Job) -> Result<Self> {
        let kind = Kind { source: Digest::of(job.source.as_bytes()), sheet: job.path.clone() };
        let mut resting = RESTING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = resting.iter().position(|engine| engine.kind == kind) {
            return Ok(resting.swap_remove(position));
        }
        // One that its text or its sheet has left behind ends with its sender.
        resting.retain(|engine| engine.kind.sheet != kind.sheet);
        let (work, orders) = mpsc::channel();
        thread().spawn(move || live(&orders)).map_err(|cause| failed(cause.to_string()))?;
        Ok(Self { kind, work })
    }

    fn rest(self) {
        RESTING.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }
}

fn live(orders: &Receiver<Work>) {
    let line = Line::default();
    let started = start().map(|context| (Patience::with(&context), context));
    while let Some(Work { job, host, done }) = next(orders, started.as_ref().ok().map(|(_, context)| context))
    {
        line.connect(host);
        let outcome = match &started {
            Ok((patience, context)) => in_patience(patience, &job, || compile(context, &job, &line)),
            Err(problem) => Err(Thrown::new(problem.clone())),
        };
        line.cut();
        let _ = done.send(outcome);
    }
}

fn in_patience<T>(
    patience: &Patience,
    job: &Job,
    compile: impl FnOnce() -> Result<T, Thrown>,
) -> Result<T, Thrown> {
    patience.restore();
    compile().map_err(|thrown| if patience.is_at_its_end() { Thrown::endless(job) } else { thrown })
}

/// Waits for work, and collects garbage when there is none.
fn next(orders: &Receiver<Work>, context: Option<&Context>) -> Option<Work> {
    match orders.recv_timeout(IDLE) {
        Err(RecvTimeoutError::Timeout) => {
            if let Some(context) = context {
                context.runtime().run_gc();
                // A collection lowers it.
                context.runtime().set_gc_threshold(GARBAGE);
            }
            orders.recv().ok()
        }
        work => work.ok(),
    }
}

fn compile(context: &Context, job: &Job, line: &Line) -> Result<Built, Thrown> {
    context.with(|js| {
        if !js.globals().contains_key("kilnCompile").unwrap_or_default() {
            line.lend(&js).catch(&js).map_err(|error| thrown(&error))?;
            js.eval::<(), _>(GLUE).catch(&js).map_err(|error| thrown(&error))?;
            call::<()>(&js, "kilnStart", (job.source.as_str(), job.engine.as_str()))?;
        }
        let sheet = (job.css.as_str(), job.path.as_str(), job.base.as_str());
        let plan: String = call(&js, "kilnCompile", sheet)?;
        let candidates = line.ask(Question::Candidates { plan }).map_err(Thrown::new)?;
        let sheet = output(&js, job, "kilnBuild", (candidates,))?;
        let apart = if job.is_parted {
            let rules = line.ask(Question::Plain).map_err(Thrown::new)?;
            output(&js, job, "kilnPrint", (rules, job.path.as_str())).ok()
        } else {
            None
        };
        Ok(Built { sheet, apart })
    })
}

/// What `function` makes.
fn output<'js>(
    js: &Ctx<'js>,
    job: &Job,
    function: &str,
    arguments: impl IntoArgs<'js>,
) -> Result<Output, Thrown> {
    let css = call(js, function, arguments)?;
    let map = job.is_mapped.then(|| call(js, "kilnMap", ())).transpose()?;
    Ok(Output { css, map })
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

    fn endless(job: &Job) -> Self {
        let message = "Tailwind comes to no end: a variable of the theme refers to itself by `theme()`, or a plugin does not stop";
        Self { message: message.to_owned(), offset: Some((job.path.clone(), 0)) }
    }
}
