import assert from "node:assert/strict";
import { before, test } from "node:test";
import { CARGO_TOML, file, identified, label, pick, PYTHON } from "./samples.mjs";
import { SITE, visit } from "./visit.mjs";

before(async () => {
  for (let turn = 0; turn < 12; turn += 1) await identified(SITE, `history-${turn}`, turn % 3 === 0 ? PYTHON : CARGO_TOML);
});

test("the latest verdicts are listed, newest first, and older ones come on demand", () =>
  visit("/", async (page) => {
    const rows = page.locator("ol a");
    assert.equal(await rows.count(), 10);
    assert.match(await rows.first().innerText(), /history-11/);

    await page.getByRole("button", { name: "Older" }).click();
    await rows.nth(11).waitFor();
    assert.match(await rows.nth(11).innerText(), /history-0/);
    const ids = await rows.evaluateAll((links) => links.map((link) => link.href));
    assert.equal(new Set(ids).size, ids.length, "no row stands twice");
  }));

test("focus moves to the first of the loaded older verdicts", () =>
  visit("/", async (page) => {
    await page.getByRole("button", { name: "Older" }).press("Enter");
    await page.waitForFunction(() => document.activeElement === document.querySelectorAll("ol a")[10]);
  }));

test("a new verdict joins the list and the count at once", () =>
  visit("/", async (page) => {
    const total = async () => Number(/(\d+) in all/.exec(await page.locator("figure title").textContent())[1]);
    const earlier = await total();
    await pick(page, file("newest", CARGO_TOML));
    await label(page);
    assert.match(await page.locator("ol a").first().innerText(), /newest/);
    await page.waitForFunction((n) => document.querySelector("figure title").textContent.includes(`${n} in all`), earlier + 1);
  }));

test("the chart exposes its numbers to assistive technology", () =>
  visit("/", async (page) => {
    const chart = page.getByRole("img", { name: /Things seen by group/ });
    assert.match(await chart.locator("desc").textContent(), /code \d+/);
    await page.getByRole("radio", { name: "Labels" }).check();
    assert.match(await page.getByRole("img", { name: /Things seen by label/ }).locator("desc").textContent(), /toml \d+/);
  }));
