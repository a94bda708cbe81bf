import assert from "node:assert/strict";
import { test } from "node:test";
import { barriers } from "./barriers.mjs";
import { CARGO_TOML, file, identified, label, pick } from "./samples.mjs";
import { SITE, visit } from "./visit.mjs";

for (const colorScheme of ["light", "dark"]) {
  test(`no serious barrier on the page, with a verdict and without, ${colorScheme}`, () =>
    visit("/", async (page) => {
      assert.deepEqual(await barriers(page), []);
      await page.getByRole("button", { name: "Paste text" }).click();
      await pick(page, file("Cargo.toml", CARGO_TOML));
      await label(page);
      assert.deepEqual(await barriers(page), []);
    }, { colorScheme }));

  test(`no serious barrier on a verdict's page, ${colorScheme}`, async () => {
    const { id } = await identified(SITE, "Cargo.toml", CARGO_TOML);
    await visit(`/f/${id}`, async (page) => assert.deepEqual(await barriers(page), []), { colorScheme });
  });

  test(`no serious barrier on the 404 page, ${colorScheme}`, () =>
    visit("/nowhere", async (page) => assert.deepEqual(await barriers(page), []), { colorScheme, expected: [/status of 404/] }));
}
