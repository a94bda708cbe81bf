import assert from "node:assert/strict";
import { test } from "node:test";
import { CARGO_TOML, drop, file, label, paste, pick, PYTHON, verdict } from "./samples.mjs";
import { visit } from "./visit.mjs";

test("a picked file gets its verdict, whatever its name claims", () =>
  visit("/", async (page) => {
    await pick(page, file("holiday.jpeg", CARGO_TOML));
    assert.equal(await label(page), "toml");
    const card = await verdict(page).innerText();
    assert.match(card, /holiday\.jpeg is/);
    assert.match(card, /application\/toml/);
    assert.match(card, /\d\d\.\d %/);
  }));

test("a dropped file gets its verdict, and the tile is highlighted during the drag", () =>
  visit("/", async (page) => {
    const held = await drop(page, "Cargo.toml", CARGO_TOML);
    await page.getByText("Let go").waitFor();
    await held.release();
    assert.equal(await label(page), "toml");
    assert.equal(await page.getByText("Let go").count(), 0);
  }));

test("text pasted anywhere on the page gets its verdict", () =>
  visit("/", async (page) => {
    await paste(page, PYTHON);
    assert.equal(await label(page), "python");
    assert.match(await verdict(page).innerText(), /Something unnamed is/);
  }));

test("several files are identified one after the other", () =>
  visit("/", async (page) => {
    await pick(page, file("first-of-two", CARGO_TOML), file("second-of-two", PYTHON));
    await verdict(page).getByText("second-of-two is").waitFor();
    assert.equal(await label(page), "python");
    const names = await page.locator("ol a").allInnerTexts();
    assert.match(names[0], /second-of-two/);
    assert.match(names[1], /first-of-two/);
  }));

test("an empty file is identified", () =>
  visit("/", async (page) => {
    await pick(page, file("nothing", ""));
    assert.equal(await label(page), "empty");
  }));

test("the same file can be picked twice", () =>
  visit("/", async (page) => {
    for (const round of [1, 2]) {
      const answer = page.waitForResponse("**/api/identify*");
      await pick(page, file("again.toml", CARGO_TOML));
      assert.equal((await answer).status(), 200, `round ${round}`);
    }
    assert.equal(await label(page), "toml");
  }));

test("an upload can be cancelled", () =>
  visit("/", async (page) => {
    await page.route("**/api/identify*", () => {}); // Never answered, as by a slow server.
    await pick(page, file("slow", CARGO_TOML));
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await page.getByRole("progressbar").count(), 0);
    assert.equal(await verdict(page).count(), 0);
  }));

test("the verdict is announced by a live region", () =>
  visit("/", async (page) => {
    await pick(page, file("Cargo.toml", CARGO_TOML));
    await page.getByRole("status").filter({ hasText: /Cargo\.toml is .*toml: .* percent\./ }).waitFor();
  }));
