//! A larger front end, `tests/fixture/bundle`: three, lodash-es, preact and a package with fonts, two entries, a lazy
//! chunk, a worker and a glob. Its scripts are compared in size with Vite's, and run in a browser.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use kiln_manifest::Mode;

use crate::project::{Output, Project, files, npm_packages};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture/bundle");

#[test]
fn scripts_are_as_small_as_those_of_vite_and_run_in_a_browser() {
    let project =
        Project::copy_of(Path::new(FIXTURE)).with_packages_of(&npm_packages(Path::new(FIXTURE), "bundle"));
    let output = project.build(Mode::Release);
    let ours = bytes_of_scripts(output.files.iter().map(|(name, bytes)| (name.as_str(), bytes.len())));
    let theirs = vite(project.root());
    eprintln!("scripts: {ours} bytes; those of Vite: {theirs} bytes");
    assert!(ours * 100 <= theirs * 102, "{ours} bytes are more than 2 % above {theirs}");

    let site = Site::serve(output);
    for (page, expected) in [
        ("/", "<span class=\"words\">A Kiln Fires Clay And Glass {\"1\":1,\"3\":1,\"4\":2,\"5\":2}</span>"),
        ("/", "<p id=\"scene\">2 objects, 24 vertices, dashed</p>"),
        ("/", "<p id=\"letters\">{\"k\":1,\"i\":1,\"l\":1,\"n\":1}</p>"),
        ("/", "<p id=\"notes\">clay shrinks, glass flows</p>"),
        ("/admin", "<li>wood: <span class=\"words\">Anagama Noborigama {\"7\":1,\"10\":1}</span></li>"),
    ] {
        let Some(shown) = site.shown(page) else { return };
        assert!(shown.contains(expected), "{expected} is missing on {page}: {shown}");
    }
}

#[test]
fn workers_and_lazy_styles_work_in_a_browser() {
    let output = Project::new("")
        .file("assets/index.html", "<!doctype html><title>App</title><script type=module src=app.ts></script><p>waiting</p>")
        .file(
            "assets/app.ts",
            "import styles from \"./app.module.css\";
            import Counter from \"./worker.ts?worker\";
            const result = (worker: Worker) => new Promise<string>((done) => { worker.onmessage = ({ data }) => done(data); });
            const shared = new SharedWorker(new URL(\"./shared.ts\", import.meta.url), \"s\");
            const text = document.querySelector(\"p\")!;
            text.className = styles.wide!;
            const answers = await Promise.all([
                getComputedStyle(text).letterSpacing,
                result(new Worker(new URL(\"./worker.ts\", import.meta.url))),
                result(new (Counter as any)()),
                new Promise((done) => { shared.port.onmessage = ({ data }) => done(data); }),
                import(\"./late\").then((late) => late.seen()),
            ]);
            await fetch(\"/result\", { method: \"POST\", body: answers.join(\", \") });
            ",
        )
        .file("assets/app.module.css", ".wide { letter-spacing: 3px }")
        .file("assets/twice.ts", "export const twice = (n: number): number => n * 2;\n")
        .file("assets/worker.ts", "import { twice } from \"./twice\";\nimport(\"./deep\").then(({ deep }) => postMessage(`worker ${twice(21)} ${deep}`));\n")
        .file("assets/deep.ts", "import \"./late.css\";\nexport const deep = \"deep\";\n")
        .file("assets/shared.ts", "import { twice } from \"./twice\";\n(self as any).onconnect = ({ ports }: MessageEvent) => ports[0]!.postMessage(`shared ${twice(2)} ${self.name}`);\n")
        .file("assets/late.ts", "import \"./late.css\";\nexport const seen = () => getComputedStyle(document.querySelector(\"p\")!).fontStyle;\n")
        .file("assets/late.css", "p { font-style: italic }")
        .build(Mode::Release);
    let site = Site::serve(output);
    let Some(result) = site.result() else { return };
    assert_eq!(result, "3px, worker 42 deep, worker 42 deep, shared 4 s, italic");
}

fn bytes_of_scripts<'a>(files: impl Iterator<Item = (&'a str, usize)>) -> usize {
    let is_script = |name: &str| Path::new(name).extension().is_some_and(|extension| extension == "js");
    files.filter(|(name, _)| is_script(name)).map(|(_, length)| length).sum()
}

/// The size in bytes of Vite's scripts for the sources in `root`.
fn vite(root: &Path) -> usize {
    let done = Command::new("node")
        .args(["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"])
        .current_dir(root)
        .output()
        .expect("node");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let built = files(&root.join("dist"));
    bytes_of_scripts(built.iter().map(|(name, bytes)| (name.as_str(), bytes.len())))
}

/// The output of a build, served on a free port while the test runs.
struct Site {
    address: String,
    /// Bodies that the page posts to `/result`.
    result: Receiver<String>,
}

/// The longest time until a page posts.
const TIMEOUT: Duration = Duration::from_mins(1);

impl Site {
    fn serve(output: Output) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("address"));
        let output = Arc::new(output);
        let (sender, result) = channel();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (output, sender) = (Arc::clone(&output), sender.clone());
                // An error means that the browser has closed the connection.
                thread::spawn(move || answer(connection, &output, &sender).ok());
            }
        });
        Self { address, result }
    }

    /// The document of the page when it is idle; `None`, with a message, without a browser.
    fn shown(&self, page: &str) -> Option<String> {
        let folder = tempfile::tempdir().expect("folder");
        let mut browser = self.browser(page, folder.path());
        let shown = started(browser.args(["--virtual-time-budget=10000", "--dump-dom"]).spawn())?;
        let shown = shown.wait_with_output().expect("chromium");
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        Some(String::from_utf8(shown.stdout).expect("UTF-8"))
    }

    /// The first body that the page posts; `None`, with a message, without a browser.
    fn result(&self) -> Option<String> {
        let folder = tempfile::tempdir().expect("folder");
        let mut browser = started(self.browser("/", folder.path()).spawn())?;
        let result = self.result.recv_timeout(TIMEOUT);
        browser.kill().expect("kill");
        let shown = browser.wait_with_output().expect("chromium");
        Some(result.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&shown.stderr))))
    }

    fn browser(&self, page: &str, folder: &Path) -> Command {
        let mut browser = Command::new("chromium");
        browser
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"])
            .arg(format!("--user-data-dir={}", folder.display()))
            .arg(format!("{}{page}", self.address))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        browser
    }
}

fn started(browser: std::io::Result<Child>) -> Option<Child> {
    if browser.is_err() {
        eprintln!("skipped: chromium is not installed");
    }
    browser.ok()
}

/// Answers one request on a connection.
fn answer(mut connection: TcpStream, output: &Output, result: &Sender<String>) -> std::io::Result<()> {
    let mut request = BufReader::new(connection.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    while request.read_line(&mut head)? > 2 {
        let field = head.lines().last().unwrap_or_default().to_ascii_lowercase();
        if let Some(value) = field.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut posted = vec![0; length];
    request.read_exact(&mut posted)?;
    let url = head.split(' ').nth(1).unwrap_or_default();
    let asset = output.report.manifest.assets.iter().find(|asset| asset.url.as_deref() == Some(url));
    let (status, media_type, body) = match asset {
        Some(asset) => (
            "200 OK",
            asset.media_type.as_str(),
            output.files[&format!("kiln/{}", asset.variants[0].file)].as_slice(),
        ),
        None => ("404 Not Found", "text/plain", &b""[..]),
    };
    let length = body.len();
    write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    connection.write_all(body)?;
    if url == "/result" {
        // An error means that the test has ended.
        let _ = result.send(String::from_utf8_lossy(&posted).into_owned());
    }
    Ok(())
}
