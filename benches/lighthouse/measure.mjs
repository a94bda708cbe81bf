// Visits to the front page of a server by Lighthouse, each with a fresh browser, and the table of their medians.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { start } from "../../e2e/server.mjs";

const [executable, work, visits] = process.argv.slice(2);
const installed = createRequire(join(work, "package.json"));
const load = (name) => import(pathToFileURL(installed.resolve(name)).href);
const { default: lighthouse } = await load("lighthouse");
const { launch } = await load("chrome-launcher");

const CHROME = {
  chromePath: execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"],
};

/** Scores that the page alone decides. */
const OF_PAGE = ["accessibility", "best-practices", "seo"];

async function visit(url) {
  const chrome = await launch(CHROME);
  try {
    return (await lighthouse(url, { port: chrome.port, logLevel: "error" })).lhr;
  } finally {
    await chrome.kill();
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const server = await start(executable);
const reports = [];
for (let index = 0; index < Number(visits); index += 1) reports.push(await visit(`${server.url}/`));
await server.stop();

const score = (category) => Math.round(100 * median(reports.map(({ categories }) => categories[category].score)));
const shift = median(reports.map(({ audits }) => audits["cumulative-layout-shift"].numericValue));
const columns = ["performance", ...OF_PAGE];
console.log(`| ${columns.join(" | ")} | layout shift |`);
console.log(`|${"---:|".repeat(columns.length + 1)}`);
console.log(`| ${columns.map(score).join(" | ")} | ${shift.toFixed(4)} |`);

const missed = Object.values(reports[0].categories).flatMap(({ title, auditRefs }) =>
  auditRefs
    .filter(({ id, weight }) => weight > 0 && reports[0].audits[id].score !== null && reports[0].audits[id].score < 0.9)
    .map(({ id }) => `- ${title}: ${reports[0].audits[id].title} (${reports[0].audits[id].displayValue ?? id})`),
);
if (missed.length > 0) console.log(`\n${missed.join("\n")}`);
process.exit(OF_PAGE.every((category) => score(category) === 100) ? 0 : 1);
