//! Time from exec to the first response, and memory then: Whatsit's assets without its model and its
//! database, beside a bare actix-web handler in the same executable, in turns. Prints a Markdown table. Needs Linux.
//!
//! ```sh
//! cargo bench --bench start [-- ROUNDS]
//! ```

use std::{
    env,
    error::Error,
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, web};
use clap::Parser as _;
use kiln::{Lifespan, Server, StartUpError, assets::Assets, cli::ServerFlags};
use whatsit::assets::Embedded;

const SERVERS: [(&str, &str); 2] =
    [("kiln", "Kiln, with the assets of Whatsit"), ("bare", "actix-web, bare")];
const ROUNDS: usize = 51;
const WITHIN: Duration = Duration::from_secs(10);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["kiln", address] => return serve_assets(address),
        ["bare", address] => serve_bare(address).map_err(Into::into),
        [] => compare(ROUNDS),
        [rounds] => rounds.parse().map_err(Into::into).and_then(compare),
        _ => Err("more arguments than ROUNDS".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_assets(address: &str) -> ExitCode {
    async fn start(lifespan: &mut Lifespan) -> Result<Assets, StartUpError> {
        let open = async { Assets::load::<Embedded>() };
        lifespan.open("assets", open).await
    }
    let flags = ServerFlags::parse_from(["start", "--listen", address]);
    let routes = |assets: &Assets, routes: &mut web::ServiceConfig| {
        routes.default_service(assets.service());
    };
    Server::from(flags).start(start).routes(routes).assets(|assets| assets).run().into()
}

#[actix_web::main]
async fn serve_bare(address: &str) -> std::io::Result<()> {
    HttpServer::new(|| App::new().route("/", web::get().to(async || "bare"))).bind(address)?.run().await
}

/// Measurements of one start.
struct Start {
    took: Duration,
    /// KiB.
    resident: u64,
}

fn compare(rounds: usize) -> Outcome<()> {
    let mut seen = SERVERS.map(|_| Vec::with_capacity(rounds));
    // The first start of each reads the executable.
    for round in 0..=rounds {
        for ((server, _), starts) in SERVERS.iter().zip(&mut seen) {
            let start = start(server)?;
            if round > 0 {
                starts.push(start);
            }
        }
    }
    println!("Medians of {rounds} rounds.\n");
    println!("| | from exec to the first 200, ms | resident then, MiB |\n|---|---:|---:|");
    for ((_, name), starts) in SERVERS.iter().zip(seen) {
        let took = median(starts.iter().map(|start| start.took).collect()).as_secs_f64() * 1000.0;
        let resident = median(starts.iter().map(|start| start.resident).collect()) / 1024;
        println!("| {name} | {took:.1} | {resident} |");
    }
    Ok(())
}

fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values[values.len() / 2]
}

fn start(server: &str) -> Outcome<Start> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let began = Instant::now();
    let mut child = Command::new(env::current_exe()?)
        .args([server, &address.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let answered = first_answer(address, began);
    let took = began.elapsed();
    let resident = answered.and_then(|()| resident(&child));
    child.kill()?;
    child.wait()?;
    Ok(Start { took, resident: resident? })
}

fn first_answer(address: SocketAddr, began: Instant) -> Outcome<()> {
    let mut connection = loop {
        match TcpStream::connect(address) {
            Ok(connection) => break connection,
            Err(error) if began.elapsed() > WITHIN => return Err(error.into()),
            Err(_) => thread::sleep(Duration::from_micros(100)),
        }
    };
    connection.set_read_timeout(Some(WITHIN))?;
    connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let mut head = [0; 12];
    connection.read_exact(&mut head)?;
    if head == *b"HTTP/1.1 200" { Ok(()) } else { Err(String::from_utf8_lossy(&head).into()) }
}

/// In KiB, as the kernel counts it.
fn resident(child: &Child) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
