// Saves a style sheet and a script again and again, and takes the time until the page shows each.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { start } from "../../e2e/server.mjs";
import { workshop } from "../../e2e/watcher.mjs";

const [executable, work, rounds] = process.argv.slice(2);
const { chromium } = createRequire(resolve(import.meta.dirname, "../../e2e/package.json"))("playwright-core");
const WARM_UP = 3;
const SHOWN_WITHIN_MS = 60_000;
/** Pause in milliseconds between a shown change and the next save: Vite loses changes that follow at once. */
const PAUSE_MS = 300;
const TEXT = "Drop a file here";

/** Shown values and their times, sampled before each frame. */
function watch() {
  const shown = () => {
    const style = document.body && getComputedStyle(document.body).outlineOffset.replace("px", "");
    const text = document.body?.textContent.match(/Drop a file here (\d+)/)?.[1];
    return `${style} ${text}`;
  };
  let former = "";
  const look = () => {
    const now = shown();
    if (now !== former) window.report((former = now), performance.timeOrigin + performance.now());
    requestAnimationFrame(look);
  };
  look();
}

const SOURCES = {
  ".css": { name: "assets/app.css", change: (text, round) => `${text}\nbody { outline-offset: ${round}px !important; }\n`, sees: (shown) => shown.split(" ")[0] },
  ".tsx": { name: "assets/upload/tile.tsx", change: (text, round) => text.replace(TEXT, `${TEXT} ${round}`), sees: (shown) => shown.split(" ")[1] },
};

/** The times in milliseconds, of each kind of source. */
async function measure(browser, url, sources) {
  const context = await browser.newContext();
  let heard = () => {};
  await context.exposeFunction("report", (shown, at) => heard(shown, at));
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByText(TEXT).waitFor();
  const times = {};
  for (const [kind, { name, change, sees }] of Object.entries(SOURCES)) {
    times[kind] = [];
    const original = await sources.read(name);
    for (let round = 1; round <= Number(rounds) + WARM_UP; round++) {
      const seen = new Promise((found, failed) => {
        const late = setTimeout(() => failed(new Error(`${name} was not shown within ${SHOWN_WITHIN_MS} ms`)), SHOWN_WITHIN_MS);
        heard = (shown, at) => {
          if (sees(shown) !== String(round)) return;
          clearTimeout(late);
          found(at);
        };
      });
      await pause(PAUSE_MS);
      const text = change(original, round);
      const saved = performance.timeOrigin + performance.now();
      await sources.write(name, text);
      const took = (await seen) - saved;
      if (round > WARM_UP) times[kind].push(took);
    }
    await sources.write(name, original);
  }
  await context.close();
  return times;
}

async function kiln(browser) {
  const sources = await workshop(executable);
  const server = await start(executable);
  const watcher = await sources.watch();
  try {
    return await measure(browser, server.url, sources);
  } finally {
    await watcher.kill();
    await server.stop();
    await sources.close();
  }
}

async function vite(browser) {
  const child = spawn(join(work, "node_modules/.bin/vite"), [], { cwd: work, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (said += text));
  const exit = once(child, "exit");
  try {
    let url;
    while ((url = said.replace(/\x1b\[[\d;]*m/g, "").match(/http:\/\/127\.0\.0\.1:\d+\//)?.[0]) === undefined) {
      await Promise.race([once(child.stdout, "data"), exit.then(([code]) => Promise.reject(new Error(`vite ended with ${code}`)))]);
    }
    const sources = { read: (name) => readFile(join(work, name), "utf8"), write: (name, text) => writeFile(join(work, name), text) };
    return await measure(browser, url, sources);
  } finally {
    child.kill("SIGTERM");
    await exit;
  }
}

const quantile = (times, part) => times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))];
const row = (who, kind, times) =>
  `| ${who} | ${kind} | ${[0, 0.5, 0.9].map((part) => quantile(times, part).toFixed(0)).join(" | ")} |`;

const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const { version } = JSON.parse(await readFile(join(work, "node_modules/vite/package.json"), "utf8"));
  console.log("| from saving to showing, in ms | source | least | median | 90 % |\n|---|---|---|---|---|");
  for (const [who, run] of [["`cargo kiln dev`, debug build", kiln], [`Vite ${version}`, vite]]) {
    const times = await run(browser);
    for (const [kind, all] of Object.entries(times)) console.log(row(who, kind, all));
  }
} finally {
  await browser.close();
}
