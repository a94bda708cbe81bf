import assert from "node:assert/strict";
import axe from "axe-core";

/** What axe-core finds serious or critical, one line each. */
export async function barriers(page) {
  // Evaluated, not added as an element: the page's policy would rightly refuse that.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  assert.ok(passes.length > 10, "axe-core has looked at the page");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}
