// A Whatsit server as a child process, alone in a fresh folder, on a port of its own.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 20_000;
const POLL_MS = 50;

/**
 * Starts `executable` and waits until it is ready. A server that stops is started again on the same
 * port and folder by `restart`; `kill` sends SIGKILL; `stop` sends SIGTERM and yields the exit code; `log` is its
 * standard error.
 */
export async function start(executable, environment = {}) {
  const folder = await mkdtemp(join(tmpdir(), "whatsit-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = [];
  const run = async () => {
    const child = spawn(executable, {
      cwd: folder,
      env: { PATH: process.env.PATH, LISTEN: `127.0.0.1:${port}`, ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text) => log.push(text));
    await ready(url, child, log);
    return child;
  };

  let child = await run();
  return {
    url,
    log: () => log.join(""),
    halt: () => terminated(child),
    kill: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
    restart: async () => {
      child = await run();
    },
    stop: async () => {
      const code = await terminated(child);
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** True when the help of the executable names the setting. */
export async function settingNamed(executable, name) {
  for (const arguments_ of [["--help"], ["serve", "--help"]]) {
    const help = await promisify(execFile)(executable, arguments_).catch(() => ({ stdout: "" }));
    if (help.stdout.includes(name)) return true;
  }
  return false;
}

async function ready(url, child, log) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(POLL_MS);
  }
  child.kill("SIGKILL");
  throw new Error(`the server was not ready within ${READY_WITHIN_MS} ms; its log:\n${log.join("")}`);
}

/** The exit code after SIGTERM, or the signal's name when it had to be killed. */
async function terminated(child) {
  if (child.exitCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
  const [code, signal] = await gone;
  clearTimeout(killer);
  return code ?? signal;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
