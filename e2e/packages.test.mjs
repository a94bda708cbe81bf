// Pages that use well-known npm packages, each under the policy of its page: nothing is refused, missing or thrown.
// Without its line of policy, a page is refused, and the build has named the line.
// A release reads no files from a folder, so the pages are served by a debug server.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
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
  xterm: "rgb(1, 2, 3)",
  radix: "hidden",
  mermaid: "rgb(236, 236, 255)",
  shiki: "true",
  alpine: "42",
  "alpine-csp": "42",
  reports: "202",
};

const INLINE_STYLE = "style-src = [\"'unsafe-inline'\"]";

/** Pages with a line of policy: what the build names in its warning, the line, and the directive that refuses without. */
const LINES = {
  codemirror: ["package `style-mod`", INLINE_STYLE, "style-src-elem"],
  xterm: ["package `@xterm/xterm`", INLINE_STYLE, "style-src-elem"],
  radix: ["package `react-style-singleton`", INLINE_STYLE, "style-src-elem"],
  mermaid: ["package `mermaid`", INLINE_STYLE, "style-src-elem"],
  shiki: ["package `@shikijs/core`", "style-src-attr = [\"'unsafe-inline'\"]", "style-src-attr"],
  alpine: ["package `alpinejs`", "script-src = [\"'unsafe-eval'\"]", "script-src"],
  reports: ["assets/reports.ts:3:28", 'connect-src = ["http://localhost', "connect-src"],
};

/** The origin to which the page `reports` posts, as the sources write it. */
const COLLECTOR = "http://localhost:9";

/** A server of another origin that takes reports, as those for errors do. */
async function collector() {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(202, { "Access-Control-Allow-Origin": "*" }).end();
  });
  await once(server.listen(0, "localhost"), "listening");
  return server;
}

let pages;
let reports;
let server;
let watcher;
if (!skip) {
  before(async () => {
    reports = await collector();
    pages = await packages(executable);
    for (const name of ["Cargo.toml", "assets/reports.ts"]) {
      const origin = `http://localhost:${reports.address().port}`;
      await pages.write(name, (await pages.read(name)).replaceAll(COLLECTOR, origin));
    }
    server = await start(executable);
    watcher = await pages.watch();
  });
  after(async () => {
    await watcher?.kill();
    await server?.stop();
    await pages?.close();
    reports?.close();
  });
}

/** Requests to the watcher, whose events a page of a debug server hears, and to the collector. */
const OTHERS = /request to another host: http:\/\/(127\.0\.0\.1|localhost):\d+\//;

for (const [name, expected] of Object.entries(OUTCOMES)) {
  test(`a page with ${name} runs`, { skip }, async () => {
    const show = async (page) => {
      const body = page.locator("body[data-outcome]");
      await body.waitFor({ state: "attached" });
      assert.equal(await body.getAttribute("data-outcome"), expected);
    };
    await visit(`/${name}`, show, { site: server.url, expected: [OTHERS] });
  });
}

for (const [name, [named, line, directive]] of Object.entries(LINES)) {
  test(`a page with ${name} is refused without its line, which the build names`, { skip }, async () => {
    const warnings = watcher.log().split("\n").filter((warning) => warning.includes(named));
    assert.deepEqual([...new Set(warnings.map((warning) => warning.includes(`add \`${line}`)))], [true], watcher.log());
    const isRefused = (page) => page.waitForFunction((by) => window.violations?.includes(by), directive);
    const expected = [OTHERS, new RegExp(`policy violation: ${directive.replace(/-(elem|attr)$/, "")}`), /console error/, /uncaught/];
    await visit(`/refused/${name}`, isRefused, { site: server.url, expected });
  });
}
