import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "./server.mjs";
import { CARGO_TOML, failure, file, label, pick } from "./samples.mjs";
import { picture, visit } from "./visit.mjs";

const executable = process.env.WHATSIT_EXECUTABLE;
const skip = executable === undefined && "no executable to start and stop: WHATSIT_EXECUTABLE is not set";

test("the page reports an unreachable server, and continues after its return", { skip }, async () => {
  const server = await start(executable);
  try {
    await visit("/", async (page) => {
      await page.getByText("Nothing yet. The first verdict will be yours.").waitFor();
      await picture(page, "first-visit");
      assert.equal(await server.halt(), 0);

      await pick(page, file("Cargo.toml", CARGO_TOML));
      await failure(page).getByText("The server does not answer").waitFor();
      await picture(page, "server-away");

      await server.restart();
      await failure(page).getByRole("button", { name: "Try again" }).click();
      assert.equal(await label(page), "toml");
    }, { site: server.url, expected: [/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/] });
  } finally {
    assert.equal(await server.stop(), 0);
  }
});
