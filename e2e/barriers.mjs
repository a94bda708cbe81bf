import assert from "node:assert/strict";
import axe from "axe-core";

/** Serious and critical findings of axe-core, one line each. */
export async function barriers(page) {
  // Evaluated, since the policy of the page refuses an added script element.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  assert.ok(passes.length > 10, "axe-core has looked at the page");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}
