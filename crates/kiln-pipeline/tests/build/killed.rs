//! Killed builds: the next build is correct, and no process survives.

use std::{
    env, fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use fastrand::Rng;
use kiln_manifest::Mode;

use crate::{
    process,
    project::{Project, files},
};

const MOMENTS: usize = 10;

fn project() -> Project {
    let project = Project::new("")
        .file(
            "assets/index.html",
            "<link rel=\"stylesheet\" href=\"app.css\"><script type=\"module\" src=\"app.ts\"></script>",
        )
        .file("assets/app.css", ".a { color: red }\n".repeat(200))
        .file("assets/app.ts", "import(\"./late\");\n")
        .file("assets/late.ts", "console.log(\"late\");\n")
        .file("assets/film.bin", vec![7; 3 << 20]);
    (0..20).fold(project, |project, number| {
        project.file(&format!("assets/text/{number}.txt"), format!("{number} kiln ").repeat(400))
    })
}

/// Moments are counted in files that the build has written, so the test needs no clock.
#[test]
fn after_a_kill_at_a_random_moment_the_next_build_is_correct_and_no_process_survives() {
    let seed = env::var("KILN_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(now);
    println!("KILN_TEST_SEED={seed} reproduces the moments");
    let mut random = Rng::with_seed(seed);
    let project = project();
    let out = project.config(Mode::Release).expect("configuration").out;
    process::run(&mut process::build(&project, Mode::Release)).expect("build");
    let expected = files(&out);
    let made = count(&project.target());
    for _ in 0..MOMENTS {
        fs::remove_dir_all(project.target()).expect("remove");
        let moment = random.usize(0..made);
        let was_killed = killed(&mut process::build(&project, Mode::Release), moment, &project.target());
        println!("{} when there were {moment} of {made} files", if was_killed { "killed" } else { "ended" });
        process::run(&mut process::build(&project, Mode::Release)).expect("the next build");
        assert!(files(&out) == expected, "after {moment} files, seed {seed}");
        assert_eq!(count(&project.target()), made, "something was left behind, seed {seed}");
    }
}

/// Kills the process once `target` holds `moment` files. Returns whether it was killed before it exited.
fn killed(command: &mut Command, moment: usize, target: &Path) -> bool {
    let mut child =
        command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("start");
    while count(target) < moment && child.try_wait().expect("wait").is_none() {
        thread::yield_now();
    }
    child.kill().expect("kill");
    let status = child.wait().expect("wait");
    // Signal 0 tests whether the group has a process.
    let group = Command::new("sh").args(["-c", "kill -0 -- -$0", &child.id().to_string()]).output();
    assert!(!group.expect("sh").status.success(), "a process of the build runs on");
    !status.success()
}

/// The number of files below `folder`, in which a build may move files.
fn count(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let of = |entry: fs::DirEntry| if entry.path().is_dir() { count(&entry.path()) } else { 1 };
    entries.flatten().map(of).sum()
}

/// The default seed.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").subsec_nanos().into()
}
