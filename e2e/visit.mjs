// A visit to the site by a fresh browser context. Each visit asserts:
// no console error, no uncaught exception, no policy violation, no request to another host.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

export const SITE = process.env.WHATSIT_URL ?? "http://127.0.0.1:8080";

const OUTPUT = join(import.meta.dirname, "output");
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser;
before(async () => {
  mkdirSync(OUTPUT, { recursive: true });
  const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  browser = await chromium.launch({ executablePath, args: QUIET });
});
after(() => browser?.close());

/**
 * Opens `path` and hands the page to `act`. `expected` are console errors that belong to the visit,
 * such as the browser's own note of a 404.
 */
export async function visit(path, act, { site = SITE, expected = [], ...options } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 1280, height: 900 }, ...options });
  const upsets = [];
  await context.exposeFunction("reportViolation", (violation) => upsets.push(`policy violation: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI}`);
      (window.violations ??= []).push(event.effectiveDirective);
    });
  });
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== site) upsets.push(`request to another host: ${request.url()}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error") upsets.push(`console error: ${message.text()}`);
  });
  context.on("weberror", (error) => upsets.push(`uncaught: ${error.error()}`));

  try {
    const page = await context.newPage();
    const response = await page.goto(site + path);
    await settled(page);
    await act(page, response);
  } finally {
    await context.close();
  }
  assert.deepEqual(upsets.filter((upset) => !expected.some((pattern) => pattern.test(upset))), []);
}

/** Waits for the font of the page, and for its list of verdicts where it has one. */
async function settled(page) {
  await page.evaluate(() => document.fonts.ready);
  if ((await page.locator("#app").count()) > 0) await page.locator("#app [aria-busy=false]").waitFor();
}

/** Keeps the whole page as a picture among the test's output. */
export const picture = (page, name) => page.screenshot({ path: join(OUTPUT, `${name}.png`), fullPage: true });
