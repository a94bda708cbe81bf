// `cargo kiln dev` beside a debug server: it builds from a copy of the sources, so that a test may break them,
// into the folder that the server reads. All of cargo's `OUT_DIR` is put back afterwards, times too: the executable
// is compiled from the table of assets in it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const COPIED = ["Cargo.toml", "README.md", "assets", "migrations", "package.json", "package-lock.json", "src", "tsconfig.json"];

/** The folder that the debug server `executable` reads; cargo writes its dependencies beside it. */
async function folderOf(executable) {
  const made = await readFile(`${executable}.d`, "utf8");
  const table = made.split(/(?<!\\) /).find((file) => file.trim().endsWith("/kiln_assets.rs"));
  return dirname(table.trim());
}

/** A copy of the sources, and its watcher. */
export function workshop(executable) {
  return workshopOf(executable, async (root) => {
    for (const name of COPIED) await cp(join(ROOT, name), join(root, name), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  });
}

/** A copy of the pages in `packages/`, whose npm packages the build installs. */
export function packages(executable) {
  return workshopOf(executable, (root) => cp(join(import.meta.dirname, "packages"), root, { recursive: true }));
}

/** A copy of the pages in `offline/`, without their scripts. */
export function offline(executable) {
  return workshopOf(executable, (root) => cp(join(import.meta.dirname, "offline"), root, { recursive: true }));
}

async function workshopOf(executable, copy) {
  const out = await folderOf(executable);
  const folder = await mkdtemp(join(tmpdir(), "whatsit-dev-"));
  const root = join(folder, "whatsit");
  const backup = join(folder, "backup");
  await cp(out, backup, { recursive: true, preserveTimestamps: true });
  await copy(root);
  const watcher = join(dirname(executable), "cargo-kiln");
  return {
    read: (name) => readFile(join(root, name), "utf8"),
    write: (name, content) => writeFile(join(root, name), content),
    watch: () => watch(watcher, root, out),
    close: async () => {
      await rm(out, { recursive: true });
      await cp(backup, out, { recursive: true, preserveTimestamps: true });
      await rm(folder, { recursive: true });
    },
    rename: (from, to) => rename(join(root, from), join(root, to)),
  };
}

/** Waits until a finished build has been sent to pages: an earlier page might still be reloaded. */
async function reported(stream) {
  let text = "";
  for await (const part of (await fetch(stream)).body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes("data: ")) return;
  }
  throw new Error("the watcher ended before its first build did");
}

/** Starts the watcher, and waits for its first build. */
async function watch(executable, root, out) {
  const child = spawn(executable, ["kiln", "dev", "--out-dir", out], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  let [said, log] = ["", ""];
  const heard = [];
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
    log += text;
    for (const listener of heard.splice(0)) listener();
  });
  child.on("exit", () => heard.splice(0).forEach((listener) => listener()));
  const says = async (words) => {
    for (let at = said.indexOf(words); ; at = said.indexOf(words)) {
      if (at >= 0) {
        const before = said.slice(0, at);
        said = said.slice(at + words.length);
        return before;
      }
      if (child.exitCode !== null) throw new Error(`the watcher ended with ${child.exitCode}: ${said}`);
      await new Promise((again) => heard.push(again));
    }
  };
  await says("pages listen at ");
  await reported(`http://${await says(";")}/`);
  return {
    pid: child.pid,
    log: () => log,
    says,
    kill: async (signal = "SIGKILL") => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    },
  };
}
