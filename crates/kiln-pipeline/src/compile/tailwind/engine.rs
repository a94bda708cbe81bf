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

/// The idle time after which garbage is collected; a process that builds once has usually exited before.
const IDLE: Duration = Duration::from_secs(1);

/// Idle engines of a session: starting one takes longer than most of its jobs.
#[derive(Debug, Default)]
pub(in crate::compile) struct Engines(Mutex<Vec<Engine>>);

/// An engine for one style sheet. Dropping it ends its thread.
#[derive(Debug)]
struct Engine {
    kind: EngineKind,
    work: Sender<Work>,
}

/// The condition for reuse of an engine: the same text of Tailwind, which an update changes, and the same sheet.
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
    ///
    /// # Errors
    /// When the engine cannot be started, or bytecode cannot be compiled. Exceptions of the engine are in the result.
    pub(super) fn run(
        &self,
        cache: &Cache,
        job: Job,
        mut respond: impl FnMut(Request) -> Response,
    ) -> Result<Result<Output, Thrown>> {
        let engine = self.take(&job)?;
        let (host, messages) = mpsc::channel();
        let (done, outcome) = mpsc::channel();
        let panicked = || failed("the engine's thread panicked");
        engine.work.send(Work { job, host, done }).map_err(|_| panicked())?;
        let mut failure = None;
        for message in messages {
            // An error means that the engine's thread has ended, which ends the loop.
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
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = idle.iter().position(|engine| engine.kind == kind) {
            return Ok(idle.swap_remove(position));
        }
        idle.retain(|engine| engine.kind.sheet != kind.sheet);
        let (work, jobs) = mpsc::channel();
        thread().spawn(move || serve(&jobs)).map_err(failed)?;
        Ok(Engine { kind, work })
    }
}

/// The loop of an engine's thread.
fn serve(jobs: &Receiver<Work>) {
    let connection = Connection::default();
    let started = start().map(|quickjs| (Interrupts::limit(&quickjs), quickjs));
    while let Some(Work { job, host, done }) = next(jobs, started.as_ref().ok().map(|(_, quickjs)| quickjs)) {
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

/// Runs `compile` within the limit of interrupts: a script that does not terminate is interrupted.
fn limited<T>(
    interrupts: &Interrupts,
    job: &Job,
    compile: impl FnOnce() -> Result<T, Thrown>,
) -> Result<T, Thrown> {
    interrupts.reset();
    compile().map_err(|thrown| if interrupts.is_exhausted() { interrupted(job) } else { thrown })
}

fn interrupted(job: &Job) -> Thrown {
    let message =
        "Tailwind does not terminate: circular `theme()` in a theme variable, or an endless loop in a plugin";
    Thrown { message: message.to_owned(), offset: Some((job.path.clone(), 0)) }
}

/// The next job. Garbage is collected while the engine is idle.
fn next(jobs: &Receiver<Work>, quickjs: Option<&QuickJs>) -> Option<Work> {
    match jobs.recv_timeout(IDLE) {
        Err(RecvTimeoutError::Timeout) => {
            if let Some(quickjs) = quickjs {
                quickjs.runtime().run_gc();
                // A collection lowers the threshold.
                quickjs.runtime().set_gc_threshold(GARBAGE);
            }
            jobs.recv().ok()
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

/// The file and the offset of a `CssSyntaxError`, in its property `loc: [{file, code}, start, end]`.
fn offset(exception: &Exception<'_>) -> Option<(String, usize)> {
    let location: rquickjs::Array<'_> = exception.as_object().get("loc").ok()?;
    let source: rquickjs::Object<'_> = location.get(0).ok()?;
    Some((source.get("file").ok()?, location.get(1).ok()?))
}
