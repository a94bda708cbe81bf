//! Engines: `QuickJS` with Tailwind's engine in it, each on a thread of its own.

use std::{
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    time::Duration,
};

use kiln_manifest::Digest;
use rquickjs::{
    CatchResultExt, CaughtError, Context as QuickJs, Ctx, Exception, FromJs, Function, function::IntoArgs,
    promise::MaybePromise,
};

use super::{
    bytecode::Bytecode,
    error::failed,
    globals::{Connection, install_globals},
    protocol::{Channel, Job, Message, Output, Request, Response, Thrown},
    quickjs::{GARBAGE, Interrupts, start, thread},
};
use crate::{Result, cache::Cache};

pub(super) const GLUE: &str = include_str!("engine.js");

/// Garbage is collected when no job has come for so long; a process that builds once has mostly ended by then.
const IDLE: Duration = Duration::from_secs(1);

/// Engines that rest between the builds of a session: to start one takes longer than most of its work.
#[derive(Debug, Default)]
pub(in crate::compile) struct Engines(Mutex<Vec<Engine>>);

/// An engine for one style sheet. It ends when it is dropped.
#[derive(Debug)]
struct Engine {
    kind: EngineKind,
    work: Sender<Work>,
}

/// What has to be the same for an engine to be used again: its text, which an update replaces, and its sheet.
#[derive(Debug, PartialEq)]
struct EngineKind {
    source: Digest,
    sheet: String,
}

struct Work {
    job: Job,
    host: Sender<Message>,
    done: Sender<Result<Output, Thrown>>,
}

impl Engines {
    /// Compiles `job`; `respond` answers the engine's requests, on this thread.
    pub(super) fn run(
        &self,
        cache: &Cache,
        job: Job,
        mut respond: impl FnMut(Request) -> Response,
    ) -> Result<Result<Output, Thrown>> {
        let engine = self.take(&job)?;
        let (host, messages) = mpsc::channel();
        let (done, outcome) = mpsc::channel();
        let panicked = || failed("the engine's thread panicked".to_owned());
        engine.work.send(Work { job, host, done }).map_err(|_| panicked())?;
        let mut failure = None;
        for message in messages {
            // The engine waits for the reply.
            let _ = match message {
                Message::Request(request, reply) => reply.send(respond(request)).is_ok(),
                Message::Bytecode { source, path, reply } => {
                    let compiled = Bytecode::of(cache, &source, &path);
                    reply.send(compiled.map_err(|error| failure.insert(error).to_string())).is_ok()
                }
            };
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        let outcome = outcome.recv().map_err(|_| panicked())?;
        if outcome.is_ok() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(engine);
        }
        Ok(outcome)
    }

    fn take(&self, job: &Job) -> Result<Engine> {
        let kind = EngineKind { source: Digest::of(job.source.as_bytes()), sheet: job.path.clone() };
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = resting.iter().position(|engine| engine.kind == kind) {
            return Ok(resting.swap_remove(position));
        }
        resting.retain(|engine| engine.kind.sheet != kind.sheet);
        let (work, orders) = mpsc::channel();
        thread().spawn(move || live(&orders)).map_err(|cause| failed(cause.to_string()))?;
        Ok(Engine { kind, work })
    }
}

fn live(orders: &Receiver<Work>) {
    let connection = Connection::default();
    let started = start().map(|quickjs| (Interrupts::limit(&quickjs), quickjs));
    while let Some(Work { job, host, done }) = next(orders, started.as_ref().ok().map(|(_, quickjs)| quickjs))
    {
        let channel = Channel::new(host);
        connection.connect(channel.clone());
        let outcome = match &started {
            Ok((interrupts, quickjs)) => {
                limited(interrupts, &job, || compile(quickjs, &job, &connection, &channel))
            }
            Err(problem) => Err(Thrown::new(problem.clone())),
        };
        connection.disconnect();
        drop(channel);
        let _ = done.send(outcome);
    }
}

/// Ends a compilation that would go on for ever.
fn limited<T>(
    interrupts: &Interrupts,
    job: &Job,
    compile: impl FnOnce() -> Result<T, Thrown>,
) -> Result<T, Thrown> {
    interrupts.reset();
    compile().map_err(|thrown| if interrupts.is_exhausted() { endless(job) } else { thrown })
}

fn endless(job: &Job) -> Thrown {
    let message = "Tailwind does not terminate: a variable of the theme refers to itself by `theme()`, or a plugin does not return";
    Thrown { message: message.to_owned(), offset: Some((job.path.clone(), 0)) }
}

/// Waits for work, and collects garbage when there is none.
fn next(orders: &Receiver<Work>, quickjs: Option<&QuickJs>) -> Option<Work> {
    match orders.recv_timeout(IDLE) {
        Err(RecvTimeoutError::Timeout) => {
            if let Some(quickjs) = quickjs {
                quickjs.runtime().run_gc();
                // A collection lowers it.
                quickjs.runtime().set_gc_threshold(GARBAGE);
            }
            orders.recv().ok()
        }
        work => work.ok(),
    }
}

fn compile(
    quickjs: &QuickJs,
    job: &Job,
    connection: &Connection,
    channel: &Channel,
) -> Result<Output, Thrown> {
    quickjs.with(|js| {
        if !js.globals().contains_key("kilnCompile").unwrap_or_default() {
            install_globals(&js, connection).catch(&js).map_err(|error| thrown(&error))?;
            js.eval::<(), _>(GLUE).catch(&js).map_err(|error| thrown(&error))?;
            call::<()>(&js, "kilnStart", (job.source.as_str(), job.engine.as_str()))?;
        }
        let sheet = (job.css.as_str(), job.path.as_str(), job.base.as_str());
        let plan: String = call(&js, "kilnCompile", sheet)?;
        let candidates = channel.request(Request::Candidates { plan }).map_err(Thrown::new)?;
        let css = call(&js, "kilnBuild", (candidates,))?;
        let map = job.is_mapped.then(|| call(&js, "kilnMap", ())).transpose()?;
        Ok(Output { css, map })
    })
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
