//! Resources are closed in reverse, whatever fails.

use std::{
    future::{pending, ready},
    io,
    net::TcpListener,
    time::Duration,
};

use kiln::{
    Application, BoxError, Error, Exit, Lifespan, ServerOptions, Shutdown, StartUpError,
    lifespan::{Failure, ResourceState},
};

use crate::harness::{Diary, SECOND};

const SOON: Duration = Duration::from_millis(20);

/// Fault of a resource when it opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    Error,
    Panic,
    Hang,
}

impl Fault {
    async fn happen(self) -> Result<(), BoxError> {
        match self {
            Self::None => Ok(()),
            Self::Error => Err("broken".into()),
            Self::Panic => panic!("on purpose"),
            Self::Hang => pending().await,
        }
    }
}

async fn open(
    lifespan: &mut Lifespan,
    diary: &Diary,
    name: &'static str,
    (open, close): (Fault, Fault),
) -> Result<(), StartUpError> {
    let deadline = if open == Fault::Hang || close == Fault::Hang { SOON } else { SECOND };
    let opening = async {
        diary.note(format!("+{name}"));
        open.happen().await.map(|()| diary.clone())
    };
    let closing = move |diary: Diary| async move {
        diary.note(format!("-{name}"));
        close.happen().await
    };
    lifespan.open(name, opening).deadline(deadline).on_close(closing).await.map(drop)
}

async fn build(
    shutdown: Shutdown,
    start: impl AsyncFnOnce(&mut Lifespan) -> Result<(), StartUpError>,
) -> Result<Application<()>, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    Application::build(ServerOptions::default(), listener, shutdown, start, |(), _| {}).await
}

#[tokio::test]
async fn a_partial_start_unwinds_in_reverse_order() {
    for fault in [Fault::Error, Fault::Panic, Fault::Hang] {
        let diary = Diary::default();
        let built = build(Shutdown::new(), async |lifespan| {
            open(lifespan, &diary, "a", (Fault::None, Fault::None)).await?;
            open(lifespan, &diary, "b", (Fault::None, Fault::None)).await?;
            open(lifespan, &diary, "c", (fault, Fault::None)).await?;
            open(lifespan, &diary, "d", (Fault::None, Fault::None)).await
        })
        .await;
        let error = built.err().expect("c does not open");
        assert_eq!(diary.events(), ["+a", "+b", "+c", "-b", "-a"], "{fault:?}");
        assert_eq!(error.exit(), Exit::StartUp);
        let Error::StartUp { cause: StartUpError::Resource { resource, failure }, unclosed } = error else {
            panic!("{error}");
        };
        assert_eq!(resource, "c");
        assert!(unclosed.is_empty());
        let right = match fault {
            Fault::Error => matches!(failure, Failure::Error(ref cause) if cause.to_string() == "broken"),
            Fault::Panic => matches!(failure, Failure::Panic(ref message) if message == "on purpose"),
            Fault::Hang => matches!(failure, Failure::TimedOut(SOON)),
            Fault::None => false,
        };
        assert!(right, "{failure}");
    }
}

#[tokio::test]
async fn a_deadline_applies_to_open_and_close_unless_close_has_its_own() {
    let mut lifespan = Lifespan::new(Shutdown::new());
    let opening = lifespan.open("slow", pending::<Result<(), io::Error>>()).deadline(SOON).await;
    let error = opening.expect_err("it hangs").to_string();
    assert_eq!(error, "resource `slow` timed out after 20ms");

    let open = || ready(Ok::<_, io::Error>(()));
    lifespan.open("both", open()).deadline(SOON).on_close(|()| pending::<()>()).await.expect("opens");
    let own = lifespan.open("own", open()).deadline(SECOND).close_deadline(SOON / 2);
    own.on_close(|()| pending::<()>()).await.expect("opens");
    lifespan.open("neither", open()).await.expect("opens");
    let unclosed: Vec<String> = lifespan.close().await.errors().iter().map(ToString::to_string).collect();
    assert_eq!(unclosed, ["closing `own` timed out after 10ms", "closing `both` timed out after 20ms"]);
}

#[tokio::test]
async fn a_resource_without_a_close_need_not_be_cloned() {
    struct Unique(u32);

    let mut lifespan = Lifespan::new(Shutdown::new());
    let unique = lifespan.open("unique", async { Ok::<_, io::Error>(Unique(42)) }).await.expect("opens");
    assert_eq!(unique.0, 42);
    let resources = lifespan.resources();
    assert!(lifespan.close().await.is_empty());
    assert_eq!(resources.list()[0].state, ResourceState::Closed);
}

#[tokio::test]
async fn a_start_that_panics_between_two_resources_unwinds() {
    let diary = Diary::default();
    let built = build(Shutdown::new(), async |lifespan| {
        open(lifespan, &diary, "a", (Fault::None, Fault::None)).await?;
        panic!("on purpose")
    })
    .await;
    let error = built.err().expect("the start panics");
    assert_eq!(error.to_string(), "start-up failed: the start function panicked: on purpose");
    assert_eq!(error.exit(), Exit::StartUp);
    assert_eq!(diary.events(), ["+a", "-a"]);
}

#[tokio::test]
async fn every_resource_is_closed_and_every_failure_reported() {
    let diary = Diary::default();
    let mut lifespan = Lifespan::new(Shutdown::new());
    let faults = [
        ("a", Fault::None),
        ("b", Fault::Hang),
        ("c", Fault::Panic),
        ("d", Fault::Error),
        ("e", Fault::None),
    ];
    for (name, fault) in faults {
        open(&mut lifespan, &diary, name, (Fault::None, fault)).await.expect("opens");
    }
    let resources = lifespan.resources();
    let unclosed = lifespan.close().await;
    assert_eq!(diary.events(), ["+a", "+b", "+c", "+d", "+e", "-e", "-d", "-c", "-b", "-a"]);
    let messages: Vec<String> = unclosed.errors().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "closing `d` failed: broken",
            "closing `c` panicked: on purpose",
            "closing `b` timed out after 20ms",
        ]
    );
    let states: Vec<_> = resources.list().into_iter().map(|resource| resource.state).collect();
    let (closed, failed) = (ResourceState::Closed, ResourceState::Failed);
    assert_eq!(states, [closed, failed, failed, failed, closed]);
}

#[tokio::test]
async fn a_stop_during_the_start_cancels_it_and_is_a_clean_exit() {
    let (diary, shutdown) = (Diary::default(), Shutdown::new());
    let built = build(shutdown.clone(), async |lifespan| {
        open(lifespan, &diary, "a", (Fault::None, Fault::None)).await?;
        let forever = async {
            shutdown.drain();
            pending::<Result<(), io::Error>>().await
        };
        lifespan.open("b", forever).deadline(3600 * SECOND).await
    })
    .await;
    let error = built.err().expect("b never opens");
    assert!(error.to_string().contains("`b` was cancelled by a request to stop"), "{error}");
    assert_eq!(error.exit(), Exit::Clean);
    assert_eq!(diary.events(), ["+a", "-a"]);
}

#[tokio::test]
async fn a_cancelled_start_that_cannot_be_unwound_is_not_clean() {
    let (diary, shutdown) = (Diary::default(), Shutdown::new());
    let built = build(shutdown.clone(), async |lifespan| {
        open(lifespan, &diary, "a", (Fault::None, Fault::Error)).await?;
        shutdown.drain();
        open(lifespan, &diary, "b", (Fault::None, Fault::None)).await
    })
    .await;
    let error = built.err().expect("b does not open");
    assert_eq!(error.exit(), Exit::TearDown);
    assert_eq!(diary.events(), ["+a", "-a"], "b was not even begun");
}

#[tokio::test]
async fn a_schema_that_does_not_fit_keeps_its_exit_code() {
    let pending = || kiln::migrate::MigrateError::Pending {
        count: 1,
        version: 1,
        name: "init".to_owned(),
        command: "app migrate".to_owned(),
    };
    let at_top = build(Shutdown::new(), async |_| Err(pending().into())).await.err().expect("refused");
    let inside = build(Shutdown::new(), async |lifespan| {
        lifespan.open("database", ready(Err::<(), _>(pending()))).await
    })
    .await;
    assert_eq!(at_top.exit(), Exit::Schema);
    assert_eq!(inside.err().expect("refused").exit(), Exit::Schema);
}

#[tokio::test]
async fn a_required_task_is_cancelled_and_joined() {
    let diary = Diary::default();
    let mut lifespan = Lifespan::new(Shutdown::new());
    let noted = diary.clone();
    lifespan.spawn_required("sweeper", SECOND, move |stop| async move {
        stop.cancelled().await;
        noted.note("swept");
        Err::<(), _>(io::Error::other("dust remains"))
    });
    lifespan.spawn_required("stubborn", SOON, |_| pending::<()>());
    let unclosed = lifespan.close().await;
    assert_eq!(diary.events(), ["swept"]);
    let messages: Vec<String> = unclosed.errors().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        ["closing `stubborn` timed out after 20ms", "closing `sweeper` failed: dust remains"]
    );
}
