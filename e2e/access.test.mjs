import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import { CARGO_TOML, file, identified, label, pick } from "./specimens.mjs";
import { SITE, visit } from "./visit.mjs";

/** What axe-core finds serious or critical, one line each. */
async function barriers(page) {
  // Evaluated, not added as an element: the page's policy would rightly refuse that.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  assert.ok(passes.length > 10, "axe-core has looked at the page");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

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
