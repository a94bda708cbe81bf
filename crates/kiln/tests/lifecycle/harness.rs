//! An application on a free port, in a thread of its own, with the handles that its `main` would hold.

use std::{
    future::ready,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse, dev::ServiceResponse, error::ErrorInternalServerError, rt::System, web,
};
use futures_util::{StreamExt, stream};
use kiln::{
    Application, Error, Lifespan, Phase, Phases, ServerOptions, Shutdown, StartUpError, server::DrainOptions,
};
use tokio::sync::Semaphore;

use crate::client::Client;

/// Length of the body of `/large`: more than a socket buffer.
pub(crate) const LARGE: usize = 16 * 1024 * 1024;

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Events, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    pub(crate) fn note(&self, event: impl Into<String>) {
        self.0.lock().expect("no writer panics").push(event.into());
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.0.lock().expect("no writer panics").clone()
    }
}

/// State of the handlers: requests to `/held` and `/stream` wait at the gate.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) arrived: Semaphore,
    pub(crate) gate: Semaphore,
}

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: Shutdown,
    pub(crate) phases: Phases,
    pub(crate) state: Arc<State>,
    pub(crate) diary: Diary,
    thread: JoinHandle<Result<(), Error>>,
}

impl Running {
    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address).expect("the server listens")
    }

    pub(crate) fn wait_for(&self, phase: Phase) {
        block_on(self.phases.reached(phase));
    }

    /// Waits until `count` more requests have arrived at the gate.
    pub(crate) fn wait_for_arrivals(&self, count: u32) {
        block_on(self.state.arrived.acquire_many(count)).expect("the semaphore stays open").forget();
    }

    pub(crate) fn ended(self) -> Result<(), Error> {
        self.thread.join().expect("the server does not panic")
    }
}

/// Runs `future` in a thread of its own, since a test may be a future of another runtime.
pub(crate) fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let block_on = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(future)
    };
    std::thread::scope(|scope| scope.spawn(block_on).join().expect("the future does not panic"))
}

pub(crate) fn start(drain: DrainOptions) -> Running {
    start_with(drain, async |_| Ok(()))
}

/// Starts an application with one resource, and those that `more` opens after it.
pub(crate) fn start_with(
    drain: DrainOptions,
    more: impl AsyncFnOnce(&mut Lifespan) -> Result<(), StartUpError> + Send + 'static,
) -> Running {
    let workers = std::num::NonZeroUsize::new(2);
    start_as(ServerOptions { drain, workers, ..ServerOptions::default() }, more)
}

/// [`start_with`], with all options of the server.
pub(crate) fn start_as(
    options: ServerOptions,
    more: impl AsyncFnOnce(&mut Lifespan) -> Result<(), StartUpError> + Send + 'static,
) -> Running {
    start_by(options, more, |application| application)
}

/// [`start_as`], with `finish` applied to the application.
pub(crate) fn start_by(
    options: ServerOptions,
    more: impl AsyncFnOnce(&mut Lifespan) -> Result<(), StartUpError> + Send + 'static,
    finish: impl FnOnce(Application<Arc<State>>) -> Application<Arc<State>> + Send + 'static,
) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let (shutdown, diary) = (Shutdown::new(), Diary::default());
    let state = Arc::new(State { arrived: Semaphore::new(0), gate: Semaphore::new(0) });
    let (send, receive) = mpsc::channel();
    let thread = std::thread::spawn({
        let (shutdown, diary, state) = (shutdown.clone(), diary.clone(), Arc::clone(&state));
        let start = async move |lifespan: &mut Lifespan| {
            let open = async { Ok::<_, std::io::Error>(diary) };
            lifespan.open("diary", open).on_close(async |diary: Diary| diary.note("closed")).await?;
            more(lifespan).await?;
            Ok(state)
        };
        move || {
            System::new().block_on(async {
                let application = Application::build(options, listener, shutdown, start, routes).await?;
                send.send((application.address(), application.phases())).expect("the test waits");
                assert_send(finish(application).run()).await
            })
        }
    });
    let (address, phases) = receive.recv().expect("the application starts");
    let running = Running { address, shutdown, phases, state, diary, thread };
    running.wait_for(Phase::Ready);
    running
}

/// Asserts that `future` is `Send`, so that any runtime can spawn it.
fn assert_send<F: Future + Send>(future: F) -> F {
    future
}

fn routes(_: &Arc<State>, config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(async || "hello"))
        .route("/later", web::get().to(later))
        .route("/held", web::get().to(held))
        .route("/stream", web::get().to(streamed))
        .route("/echo", web::post().to(async |body: String| body))
        .route("/beyond", web::post().to(beyond))
        .route("/endless", web::get().to(endless))
        .route("/large", web::get().to(async || vec![b'l'; LARGE]))
        .route("/hops", web::route().to(hops))
        .route("/hsts", web::get().to(async || HttpResponse::Ok().insert_header(HSTS).finish()))
        .route("/seen", web::get().to(seen))
        .route("/cookie", web::get().to(cookie))
        .service(web::resource("/failing").wrap_fn(|_, _| ready(failing())));
}

const HSTS: (&str, &str) = ("Strict-Transport-Security", "max-age=1; preload");

/// The error of a middleware.
fn failing() -> Result<ServiceResponse, actix_web::Error> {
    Err(ErrorInternalServerError("on purpose"))
}

/// Connection-specific headers, and an end-to-end one.
async fn hops() -> HttpResponse {
    let names = ["keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "x-end-to-end"];
    let mut response = HttpResponse::Ok();
    for name in names {
        response.insert_header((name, "1"));
    }
    response.body("hops")
}

/// Scheme, host, `Host` header and peer of the request.
async fn seen(request: HttpRequest) -> String {
    let connection = request.connection_info();
    let peer = request.peer_addr().map(|peer| peer.ip().to_string());
    let field = request.headers().get("host").and_then(|host| host.to_str().ok());
    let (field, peer) = (field.unwrap_or_default(), peer.unwrap_or_default());
    format!("{} {} {field} {peer}", connection.scheme(), connection.host())
}

/// The first `Cookie` header.
async fn cookie(request: HttpRequest) -> String {
    let cookie = request.headers().get("cookie").and_then(|cookie| cookie.to_str().ok());
    cookie.unwrap_or_default().to_owned()
}

/// Yields to the scheduler a few times, like a handler with a database query.
async fn later() -> &'static str {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    web::block(|| std::thread::sleep(Duration::from_micros(300))).await.expect("the pool lives");
    "later"
}

/// Polls the body again after its end, like a reader of multipart forms.
async fn beyond(mut body: web::Payload) -> String {
    let mut length = 0;
    while let Some(chunk) = body.next().await {
        length += chunk.expect("a whole body").len();
    }
    format!("{length} {:?}", body.next().await.map(|chunk| chunk.is_ok()))
}

async fn held(state: web::Data<Arc<State>>) -> &'static str {
    state.arrived.add_permits(1);
    state.gate.acquire().await.expect("the gate stays").forget();
    "held"
}

/// Sends the head at once, and the body when the gate opens.
async fn streamed(state: web::Data<Arc<State>>) -> HttpResponse {
    let state = Arc::clone(&state);
    state.arrived.add_permits(1);
    let body = stream::once(async move {
        state.gate.acquire().await.expect("the gate stays").forget();
        Ok::<_, std::io::Error>(web::Bytes::from_static(b"streamed"))
    });
    HttpResponse::Ok().streaming(body)
}

/// A body without an end; its drop counts as another arrival.
async fn endless(state: web::Data<Arc<State>>) -> HttpResponse {
    struct Arrival(Arc<State>);

    impl Drop for Arrival {
        fn drop(&mut self) {
            self.0.arrived.add_permits(1);
        }
    }

    state.arrived.add_permits(1);
    let body = stream::unfold(Arrival(Arc::clone(&state)), async |arrival| {
        Some((Ok::<_, std::io::Error>(web::Bytes::from_static(&[0; 16_384])), arrival))
    });
    HttpResponse::Ok().streaming(body)
}
