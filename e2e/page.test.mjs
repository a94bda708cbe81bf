import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./visit.mjs";

// A debug build also lets its pages listen to the watcher, which is on loopback.
const OWN = /^('self'|'none'|'sha256-.+'|data:|blob:|http:\/\/127\.0\.0\.1:\*)$/;

const directives = (policy = "") =>
  Object.fromEntries(policy.split(";").map((directive) => directive.trim().split(/\s+/)).map(([name, ...sources]) => [name, sources]));

test("the page is styled", () =>
  visit("/", async (page) => {
    const [display, background] = await page.evaluate(() => [
      getComputedStyle(document.querySelector("main")).display,
      getComputedStyle(document.body).backgroundColor,
    ]);
    assert.equal(display, "grid");
    assert.equal(background, "rgb(241, 244, 249)");
  }));

test("the page brings its own font", () =>
  visit("/", async (page) => {
    const faces = await page.evaluate(() => [...document.fonts].map(({ family, status }) => [family.replaceAll('"', ""), status]));
    assert.deepEqual(faces, [["Bricolage Grotesque", "loaded"]]);
    const family = await page.evaluate(() => getComputedStyle(document.querySelector("h1")).fontFamily);
    assert.match(family, /^"Bricolage Grotesque"/);
  }));

test("the page forbids inline scripts and foreign hosts", () =>
  visit("/", async (page, response) => {
    const policy = directives(response.headers()["content-security-policy"]);
    const foreign = Object.values(policy).flat().filter((source) => !OWN.test(source));
    assert.deepEqual(foreign, []);
    for (const source of policy["script-src"]) assert.match(source, /^'(self|sha256-.+)'$/);
    assert.deepEqual(policy["base-uri"], ["'none'"]);

    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.smuggled = true";
      document.head.append(script);
      return window.smuggled === true;
    });
    assert.equal(ran, false);
  }, { expected: [/policy violation: script-src/, /console error: .*Content Security Policy/] }));

test("an unknown URL shows the custom page with status 404", () =>
  visit("/no/such/page", async (page, response) => {
    assert.equal(response.status(), 404);
    assert.equal(await page.locator("h1").innerText(), "Nothing to identify here");
    await page.getByRole("link", { name: "Identify a file" }).click();
    await page.getByText("Drop a file here").waitFor();
  }, { expected: [/status of 404/] }));
