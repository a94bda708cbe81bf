//! Processes of a command never outlive the build, however it ends.

use std::{
    env,
    fs::File,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use kiln_manifest::Mode;
use kiln_pipeline::{Config, Session, supervise};
use rustix::{
    io::Errno,
    process::{Pid, Signal, WaitId, WaitIdOptions, getpid, kill_process, kill_process_group, waitid},
};

use crate::{
    project::{Project, rendered},
    supervised::Supervised,
};

pub(crate) const TESTS: &[(&str, fn())] = &[
    ("a_build_script_that_is_killed_leaves_nothing_running", || killed(Signal::KILL)),
    ("a_build_script_that_is_terminated_leaves_nothing_running", || killed(Signal::TERM)),
    ("ctrl_c_in_a_terminal_leaves_nothing_running", interrupted),
    ("a_build_script_whose_cargo_is_killed_leaves_nothing_running", abandoned),
    ("a_command_that_times_out_is_killed_with_its_processes", timed_out),
    ("background_processes_of_a_command_are_killed_when_it_exits", left_behind),
];

/// A variable that makes this executable a build script, of the package in the folder that it names.
pub(crate) const AS_BUILD_SCRIPT: &str = "KILN_TEST_AS_BUILD_SCRIPT";

/// A command that starts processes which would write to the pipe `alive` if they survived: one in the command's process
/// group, and on Linux one in a session of its own. The pipe ends once all of them have exited.
const SPAWNING: &str = "exec 3>alive; (sleep 20; echo survived >&3) & DETACHED; echo $PPID >&3; ";

fn spawning(then: &str, more: &str) -> Project {
    let detached = if cfg!(target_os = "linux") {
        "setsid sh -c 'echo detached >&3; sleep 20; echo survived >&3' &"
    } else {
        ":"
    };
    let script = SPAWNING.replace("DETACHED;", detached).replace("& ;", "&");
    let options = format!(
        "[[package.metadata.kiln.steps]]\ncommand = [\"sh\", \"-c\", \"{script}{then}\"]\ninputs = [\"web/**\"]\noutput = \"dist\"\n{more}"
    );
    let project = Project::new(&options).supervised().file("web/a.txt", "");
    let made = Command::new("mkfifo").arg(project.root().join("alive")).status().expect("mkfifo");
    assert!(made.success());
    project
}

/// The supervisor of the command that has just started, and the pipe of the command's processes.
fn started(project: &Project) -> (Pid, BufReader<File>) {
    let mut alive = BufReader::new(File::open(project.root().join("alive")).expect("open"));
    let mut line = || {
        let mut line = String::new();
        alive.read_line(&mut line).expect("read");
        line.trim().to_owned()
    };
    let lines: Vec<_> = (0..if cfg!(target_os = "linux") { 2 } else { 1 }).map(|_| line()).collect();
    let supervisor = lines.iter().find_map(|line| Pid::from_raw(line.parse().ok()?));
    (supervisor.expect("a process"), alive)
}

/// Asserts that the pipe ends without a line from a survivor.
fn nothing_survives(mut alive: BufReader<File>) {
    let mut rest = String::new();
    alive.read_to_string(&mut rest).expect("read");
    assert_eq!(rest, "");
}

fn as_build_script(project: &Project) -> Command {
    let mut command = with_default_interrupt(env::current_exe().expect("this executable"));
    command
        .env(AS_BUILD_SCRIPT, project.root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A command that SIGINT ends, also where this process ignores it, as the background processes of a shell script do.
fn with_default_interrupt(program: PathBuf) -> Command {
    if cfg!(target_os = "linux") {
        let mut command = Command::new("env");
        command.arg("--default-signal=INT").arg(program);
        return command;
    }
    Command::new(program)
}

/// The build script, in the process that [`as_build_script`] starts.
pub(crate) fn build_until_killed(root: PathBuf) {
    let out = root.join("target/debug/build/fixture-0/out");
    let config = Config::new(root, out, Mode::Dev).expect("configuration");
    let built = Session::once(config).with_supervisor(supervise()).build();
    built.expect("a build that goes on until it is killed");
}

fn killed(signal: Signal) {
    adopt_orphans();
    let project = spawning("wait", "");
    let mut build = as_build_script(&project).spawn().expect("start");
    let (supervisor, alive) = started(&project);
    kill_process(Pid::from_child(&build), signal).expect("kill");
    assert_eq!(build.wait().expect("wait").signal(), Some(signal.as_raw()));
    nothing_survives(alive);
    ends(supervisor);
}

/// A terminal sends SIGINT to the process group that cargo and the build script share.
fn interrupted() {
    use std::os::unix::process::CommandExt;

    adopt_orphans();
    let project = spawning("wait", "");
    let mut build = as_build_script(&project).process_group(0).spawn().expect("start");
    let (supervisor, alive) = started(&project);
    kill_process_group(Pid::from_child(&build), Signal::INT).expect("kill");
    assert_eq!(build.wait().expect("wait").signal(), Some(Signal::INT.as_raw()));
    nothing_survives(alive);
    ends(supervisor);
}

/// A shell in the role of cargo is killed.
fn abandoned() {
    let project = spawning("wait", "");
    let build = as_build_script(&project);
    let mut cargo = Command::new("sh");
    cargo.args(["-c", "\"$@\"; true", "sh"]).arg(build.get_program()).args(build.get_args());
    cargo.stdout(Stdio::null()).stderr(Stdio::null());
    cargo.envs(build.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut cargo = cargo.spawn().expect("start");
    let (_, alive) = started(&project);
    cargo.kill().expect("kill");
    cargo.wait().expect("wait");
    nothing_survives(alive);
}

fn timed_out() {
    let project = spawning("wait", "timeout = 1\n");
    let alive = std::thread::scope(|scope| {
        let alive = scope.spawn(|| started(&project).1);
        let error = rendered(&project.try_build(Mode::Dev).map(drop).expect_err("timed out"));
        assert!(error.contains("timed out after 1 s"), "{error}");
        alive.join().expect("started")
    });
    nothing_survives(alive);
}

fn left_behind() {
    let project = spawning("mkdir -p dist", "");
    let alive = std::thread::scope(|scope| {
        let alive = scope.spawn(|| started(&project).1);
        project.build(Mode::Dev);
        alive.join().expect("started")
    });
    nothing_survives(alive);
}

/// Orphans become children of this process, which can then wait for them.
fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(getpid())).expect("adopt orphans");
    let _ = getpid();
}

fn ends(supervisor: Pid) {
    #[cfg(target_os = "linux")]
    loop {
        match waitid(WaitId::Pid(supervisor), WaitIdOptions::EXITED) {
            Err(Errno::INTR) => {}
            outcome => break assert!(outcome.expect("wait for the supervisor").is_some()),
        }
    }
    let _ = supervisor;
}
