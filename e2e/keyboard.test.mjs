import assert from "node:assert/strict";
import { test } from "node:test";
import { label, PYTHON } from "./samples.mjs";
import { visit } from "./visit.mjs";

const outlined = (page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    const shown = focused.matches("input[type=file]") ? focused.closest("label") : focused;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });

test("the first stop is a link past the header", () =>
  visit("/", async (page) => {
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the content" });
    assert.ok(await skip.evaluate((link) => link === document.activeElement));
    const { y } = await skip.boundingBox();
    assert.ok(y >= 0, "it is visible while it is focused");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  }));

test("every stop of the Tab key has a visible focus ring", () =>
  visit("/", async (page) => {
    const stops = [];
    for (;;) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement === document.body)) break;
      const name = await page.evaluate(() => document.activeElement.outerHTML.slice(0, 80));
      assert.ok(await outlined(page), `no focus ring on ${name}`);
      stops.push(name);
      if (stops.length > 60) break;
    }
    assert.ok(stops.length >= 5, `only ${stops.length} stops: ${stops.join("\n")}`);
  }));

test("text is identified by keyboard alone", () =>
  visit("/", async (page) => {
    while (!(await page.evaluate(() => document.activeElement.textContent === "Paste text"))) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Text to identify" }).waitFor();
    await page.keyboard.insertText(PYTHON);
    await page.keyboard.press("Control+Enter");
    assert.equal(await label(page), "python");
  }));

test("the file control is reached and opened by keyboard", () =>
  visit("/", async (page) => {
    // Awaited first: the key may be handled before the listener for file choosers is registered.
    const chooser = page.waitForEvent("filechooser");
    while (!(await page.evaluate(() => document.activeElement.matches("input[type=file]")))) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    assert.ok((await chooser).isMultiple());
  }));
