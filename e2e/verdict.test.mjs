import assert from "node:assert/strict";
import { test } from "node:test";
import { CARGO_TOML, file, identified, label, pick } from "./samples.mjs";
import { picture, SITE, visit } from "./visit.mjs";

test("a verdict has a page of its own with the same facts", () =>
  visit("/", async (page) => {
    await pick(page, file("Cargo.toml", CARGO_TOML));
    await label(page);
    const hash = await page.locator("[data-outcome=verdict]").getByText(/^[0-9a-f]{64}/).innerText();
    await page.getByRole("link", { name: "its own page" }).click();
    await page.waitForURL("**/f/*");
    assert.equal(await page.locator("h1").innerText(), "toml");
    const text = await page.locator("main").innerText();
    assert.match(text, /Cargo\.toml is almost certainly/);
    assert.match(text, /application\/toml/);
    assert.ok(text.includes(hash.slice(0, 64)));
    await picture(page, "verdict-page");
  }));

test("the page of a verdict is complete without scripts", async () => {
  const { id, sha256 } = await identified(SITE, "<i>slanted.toml", CARGO_TOML);
  await visit(`/f/${id}`, async (page) => {
    const text = await page.locator("main").innerText();
    assert.ok(text.includes("<i>slanted.toml"), "a name is text, never markup");
    assert.ok(text.includes(sha256));
    const display = await page.evaluate(() => getComputedStyle(document.body).display);
    assert.equal(display, "flex");
  }, { javaScriptEnabled: false });
});

test("the page of a verdict shows its time in the time zone of the reader", async () => {
  const { id, identified_at } = await identified(SITE, "Cargo.toml", CARGO_TOML);
  await visit(`/f/${id}`, async (page) => {
    const time = page.locator("time");
    assert.equal(await time.getAttribute("datetime"), identified_at);
    assert.match(await time.innerText(), /\b(am|pm)\b/i);
  }, { locale: "en-US", timezoneId: "Pacific/Auckland" });
});

test("facts can be copied", async () => {
  const { id, sha256 } = await identified(SITE, "Cargo.toml", CARGO_TOML);
  await visit(`/f/${id}`, async (page) => {
    await page.getByRole("button", { name: "Copy SHA-256" }).click();
    await page.getByRole("button", { name: "Copied SHA-256" }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), sha256);
  }, { permissions: ["clipboard-read", "clipboard-write"] });
});

test("an unknown verdict is the custom 404 page", () =>
  visit("/f/0192f0c1-2a3b-7c4d-8e5f-60718293a4b5", async (page, response) => {
    assert.equal(response.status(), 404);
    assert.equal(await page.locator("h1").innerText(), "Nothing to identify here");
  }, { expected: [/status of 404/] }));
