// A debug server and the watcher while sources change. The two share nothing but the output folder.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { barriers } from "./barriers.mjs";
import { start } from "./server.mjs";
import { picture, visit } from "./visit.mjs";
import { workshop } from "./watcher.mjs";

const executable = process.env.WHATSIT_EXECUTABLE ?? "";
const skip = !executable.includes("/debug/") && "only a debug build listens to the watcher";
const RED = "rgb(255, 0, 0)";

let server;
let sources;
let watcher;

if (!skip) {
  before(async () => {
    sources = await workshop(executable);
    server = await start(executable);
    watcher = await sources.watch();
  });
  after(async () => {
    await watcher?.kill();
    await server?.stop();
    await sources?.close();
  });
}

/** Changes a source for the time of `act`. */
async function changed(name, change, act) {
  const before = await sources.read(name);
  await sources.write(name, change(before));
  try {
    await act();
  } finally {
    await sources.write(name, before);
  }
}

const mark = (page) => page.evaluate(() => (window.marked = true));
const isMarked = (page) => page.evaluate(() => window.marked === true);
const background = (page, colour) =>
  page.waitForFunction((colour) => getComputedStyle(document.body).backgroundColor === colour, colour);
const redden = (css) => `${css}\nbody { background: ${RED} !important; }\n`;
const inDev = (act, options) => visit("/", act, { site: server.url, ...options });
const overlay = (page) => page.getByRole("dialog");

test("a style sheet is swapped in place", { skip }, () =>
  inDev(async (page) => {
    await mark(page);
    const former = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await changed("assets/app.css", redden, () => background(page, RED));
    await background(page, former);
    assert.equal(await isMarked(page), true);
    await page.waitForFunction(() => document.querySelectorAll('link[rel="stylesheet"]').length === 1);
  }));

test("a change of another file reloads the page", { skip }, () =>
  inDev(async (page) => {
    await mark(page);
    await changed("assets/upload/tile.tsx", (code) => code.replace("Drop a file here", "Let a file fall"), async () => {
      await page.getByText("Let a file fall").waitFor();
      assert.equal(await isMarked(page), false);
    });
    await page.getByText("Drop a file here").waitFor();
  }));

test("a mistake is shown over the page, with its place, until it is fixed", { skip }, () =>
  inDev(async (page) => {
    await mark(page);
    const breaking = (css) => css.replace("@import", ".wrong { background: url(no-such.png) }\n@import");
    await changed("assets/app.css", breaking, async () => {
      await overlay(page).waitFor();
      const text = await overlay(page).innerText();
      assert.match(text, /assets\/app\.css:2:26/);
      assert.match(text, /no-such\.png/);
      assert.match(text, /\^{5,}/);
      assert.match(text, /add `no-such\.png` below assets/);
      assert.deepEqual(await barriers(page), []);
      await page.screenshot({ path: new URL("output/dev-overlay.png", import.meta.url).pathname });
      await page.setViewportSize({ width: 360, height: 740 });
      await page.screenshot({ path: new URL("output/dev-overlay-narrow.png", import.meta.url).pathname });
    });
    await overlay(page).waitFor({ state: "detached" });
    assert.equal(await isMarked(page), true);
    await picture(page, "dev-fixed");
  }));

test("Escape dismisses a mistake, and the next one is shown", { skip }, () =>
  inDev(async (page) => {
    await changed("assets/index.html", (html) => html.replace("logo.svg", "logos.svg"), async () => {
      await overlay(page).waitFor();
      await page.keyboard.press("Escape");
      await overlay(page).waitFor({ state: "detached" });
      await changed("assets/app.css", (css) => `${css}\n.other { mask: url(other.svg) }\n`, () => overlay(page).waitFor());
    });
  }));

test("an open page connects to a watcher that starts later, without errors until then", { skip }, async () => {
  await watcher.kill();
  await inDev(async (page) => {
    await mark(page);
    watcher = await sources.watch();
    await changed("assets/app.css", redden, () => background(page, RED));
    assert.equal(await isMarked(page), true);
  });
});

test("a killed watcher leaves nothing behind and does not disturb the server", { skip }, async () => {
  const children = () => readFileSync(`/proc/${watcher.pid}/task/${watcher.pid}/children`, "utf8").trim();
  assert.equal(children(), "");
  await watcher.kill("SIGKILL");
  const page = await fetch(server.url);
  assert.equal(page.status, 200);
  watcher = await sources.watch();
  await inDev(async (page) => {
    await changed("assets/app.css", redden, () => background(page, RED));
  });
});

test("a killed server does not disturb the watcher, and the page reloads after a restart", { skip }, () =>
  inDev(async (page) => {
    await server.kill();
    await changed("assets/index.html", (html) => html.replace("Names lie.", "Names still lie."), async () => {
      await watcher.says("rebuilt index.html");
      await server.restart();
      await page.getByText("Names still lie.").waitFor();
    });
    await page.getByText("Names lie.").waitFor();
  }, { expected: [/ERR_CONNECTION_REFUSED/, /status of 5/] }));
