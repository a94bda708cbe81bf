// Pages that use well-known npm packages, each under the policy of its page: nothing is refused, missing or thrown.
// A release reads no files from a folder, so the pages are served by a debug server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./server.mjs";
import { visit } from "./visit.mjs";
import { packages } from "./watcher.mjs";

const executable = process.env.WHATSIT_EXECUTABLE ?? "";
const skip = !executable.includes("/debug/") && "only a debug server reads its files from a folder";

/** The outcome that each page shows. */
const OUTCOMES = {
  fontsource: "true 200",
  "fontsource-variable": "true",
  katex: "true",
  leaflet: "true",
  bootstrap: "true",
  pdfjs: "1",
  sql: "42",
  comlink: "42",
  codemirror: "flex",
  chart: "1",
  lit: "rgb(1, 2, 3)",
  react: "second 2",
};

let pages;
let server;
let watcher;
if (!skip) {
  before(async () => {
    pages = await packages(executable);
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
const WATCHER = /request to another host: http:\/\/127\.0\.0\.1:\d+\//;

for (const [name, expected] of Object.entries(OUTCOMES)) {
  test(`a page with ${name} runs`, { skip }, async () => {
    const show = async (page) => {
      const body = page.locator("body[data-outcome]");
      await body.waitFor({ state: "attached" });
      assert.equal(await body.getAttribute("data-outcome"), expected);
    };
    await visit(`/${name}`, show, { site: server.url, expected: [WATCHER] });
  });
}
