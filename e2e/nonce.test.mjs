// A page that Rust renders, by the example `nonce`: its inline script runs by the nonce that the policy has.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { start } from "./server.mjs";
import { visit } from "./visit.mjs";

const example = join(dirname(process.env.WHATSIT_EXECUTABLE ?? ""), "examples", "nonce");
const skip = !existsSync(example) && "`cargo build --example nonce` has not run";

let server;
if (!skip) {
  before(async () => (server = await start(example)));
  after(() => server?.stop());
}

/** The watcher's events, for which a page of a debug server asks. */
const WATCHER = /http:\/\/127\.0\.0\.1:\d+\//;

test("the inline script of a rendered page runs by its nonce", { skip }, async () => {
  const show = async (page) => {
    await page.locator("body[data-outcome=ran]").waitFor({ state: "attached" });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(241, 244, 249)");
  };
  await visit("/nonce", show, { site: server.url, expected: [WATCHER] });
});

test("the inline script of a rendered page is refused where the policy has no nonce", { skip }, async () => {
  const isRefused = async (page) => {
    await page.waitForFunction(() => window.violations?.includes("script-src-elem"));
    assert.equal(await page.locator("body[data-outcome]").count(), 0);
  };
  const expected = [WATCHER, /policy violation: script-src-elem inline/, /console error: .*Content Security Policy/];
  await visit("/refused", isRefused, { site: server.url, expected });
});
