// The recipe of a page that works offline, with the server stopped. A release reads no files from a folder, so the pages
// are served by a debug server.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { start } from "./server.mjs";
import { visit } from "./visit.mjs";
import { offline } from "./watcher.mjs";

const executable = process.env.WHATSIT_EXECUTABLE ?? "";
const skip = !executable.includes("/debug/") && "only a debug server reads its files from a folder";

/** The scripts of the recipe, by the name in their first line. */
async function recipe() {
  const guide = await readFile(join(import.meta.dirname, "../docs/src/recipes/offline.md"), "utf8");
  return [...guide.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)].map(([, name, content]) => [name, content]);
}

let pages;
let server;
let watcher;
if (!skip) {
  before(async () => {
    pages = await offline(executable);
    for (const [name, content] of await recipe()) await pages.write(name, content);
    server = await start(executable);
    watcher = await pages.watch();
  });
  after(async () => {
    await watcher?.kill();
    await server?.stop();
    await pages?.close();
  });
}

/** The watcher's events, which a page of a debug server listens to. */
const EXPECTED = [/request to another host: http:\/\/127\.0\.0\.1:\d+\//];

test("a page is shown with its styles and scripts while the server is stopped", { skip }, async () => {
  const shown = async (page, text) => {
    const paragraph = page.getByText(text, { exact: true });
    await paragraph.waitFor();
    assert.equal(await paragraph.evaluate((element) => getComputedStyle(element).color), "rgb(1, 2, 3)");
  };
  const ready = (page) => page.locator("body[data-outcome=ready]").waitFor({ state: "attached" });
  const act = async (page) => {
    await ready(page);
    const worker = await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL);
    assert.equal(worker, `${server.url}/sw.js`);
    await server.halt();
    await page.reload();
    await shown(page, "first");
    await ready(page);
    await page.getByRole("link", { name: "About" }).click();
    await shown(page, "second");
    assert.equal(new URL(page.url()).pathname, "/about");
  };
  await visit("/", act, { site: server.url, expected: EXPECTED });
});
