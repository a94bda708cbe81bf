import assert from "node:assert/strict";
import { test } from "node:test";
import { CARGO_TOML, file, identified, label, pick } from "./samples.mjs";
import { picture, SITE, visit } from "./visit.mjs";

const PORCELAIN = { light: "rgb(241, 244, 249)", dark: "rgb(11, 16, 28)" };
const NARROW = { width: 360, height: 740 };
const LONG_NAME = `${"a-name-that-nobody-will-ever-type-again-".repeat(4)}.toml`;

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

for (const colorScheme of ["light", "dark"]) {
  test(`the page follows a ${colorScheme} system`, () =>
    visit("/", async (page) => {
      assert.equal(await background(page), PORCELAIN[colorScheme]);
      await picture(page, `page-${colorScheme}`);
      await pick(page, file("Cargo.toml", CARGO_TOML));
      await label(page);
      await picture(page, `verdict-${colorScheme}`);
    }, { colorScheme }));

  test(`at 360 px nothing is wider than the page, ${colorScheme}`, async () => {
    const { id } = await identified(SITE, LONG_NAME, CARGO_TOML);
    const fits = async (page) => {
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.equal(content, window);
      assert.equal(window, NARROW.width);
    };
    const options = { colorScheme, viewport: NARROW, hasTouch: true, isMobile: true };
    await visit("/", async (page) => {
      await pick(page, file(LONG_NAME, CARGO_TOML));
      await label(page);
      await fits(page);
      await picture(page, `narrow-${colorScheme}`);
    }, options);
    await visit(`/f/${id}`, async (page) => {
      await fits(page);
      await picture(page, `narrow-verdict-page-${colorScheme}`);
    }, options);
  });
}

test("a chosen theme persists, applies before the first paint, and can be reset", () =>
  visit("/", async (page) => {
    await page.getByRole("button", { name: "Switch to the dark theme" }).click();
    assert.equal(await background(page), PORCELAIN.dark);

    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (document.body === null) return;
        window.themeAtFirstBody = document.documentElement.dataset.theme;
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    assert.equal(await page.evaluate(() => window.themeAtFirstBody), "dark");
    assert.equal(await background(page), PORCELAIN.dark);

    await page.getByRole("button", { name: "Switch to the light theme" }).click();
    assert.equal(await background(page), PORCELAIN.light);
    assert.equal(await page.evaluate(() => localStorage.getItem("theme")), null);
  }, { colorScheme: "light" }));
