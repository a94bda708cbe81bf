import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./visit.mjs";

test("the page comes styled", () =>
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
    const policy = response.headers()["content-security-policy"] ?? "";
    assert.match(policy, /(default|script)-src/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|https?:|\*/);
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.smuggled = true";
      document.head.append(script);
      return window.smuggled === true;
    });
    assert.equal(ran, false);
  }, { expected: [/policy violation: script-src/, /console error: .*Content Security Policy/] }));

test("an unknown address shows the custom page with status 404", () =>
  visit("/no/such/page", async (page, response) => {
    assert.equal(response.status(), 404);
    assert.equal(await page.locator("h1").innerText(), "Nothing to identify here");
    await page.getByRole("link", { name: "Identify a file" }).click();
    await page.getByText("Drop a file here").waitFor();
  }, { expected: [/status of 404/] }));
