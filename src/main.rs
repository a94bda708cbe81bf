//! Settings, application, exit code.

use kiln::Exit;
use whatsit::settings::Command;

fn main() -> Exit {
    let command = match Command::from_process() {
        Ok(command) => command,
        Err(message) => {
            // Help goes to standard output and is no failure; a mistake goes to standard error.
            let written = message.print();
            return if message.use_stderr() || written.is_err() { Exit::Usage } else { Exit::Clean };
        }
    };
    whatsit::run(command).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        Exit::StartUp
    })
}
