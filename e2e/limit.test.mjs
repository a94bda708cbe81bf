import assert from "node:assert/strict";
import { test } from "node:test";
import { CARGO_TOML, failure, file, label, pick } from "./samples.mjs";
import { picture, visit } from "./visit.mjs";

const site = process.env.WHATSIT_SMALL_URL;
const limit = Number(process.env.WHATSIT_SMALL_LIMIT);
const skip = site === undefined && "no server with a small limit: WHATSIT_SMALL_URL is not set";

test("a file over the limit is refused with a message, and the next one is identified", { skip }, () =>
  visit("/", async (page) => {
    await pick(page, file("huge.bin", Buffer.alloc(limit + 1)));
    await failure(page).waitFor();
    assert.match(await failure(page).innerText(), /huge\.bin[^]*1 MiB/);
    await picture(page, "over-the-limit");

    await pick(page, file("Cargo.toml", CARGO_TOML));
    assert.equal(await label(page), "toml");
    assert.equal(await failure(page).count(), 0);
  }, { site, expected: [/status of 413/] }));

test("a file far over the limit is refused with a message, though the server stops reading early", { skip }, () =>
  visit("/", async (page) => {
    // Created in the page: sending so many bytes to it would take many seconds.
    const vast = await page.evaluateHandle((bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], "vast.bin"));
      return transfer;
    }, 40 * limit);
    await page.dispatchEvent("main", "drop", { dataTransfer: vast });
    await failure(page).waitFor();
    assert.match(await failure(page).innerText(), /vast\.bin[^]*1 MiB/);
  }, { site, expected: [/status of 413/] }));

test("a file of exactly the limit is identified", { skip }, () =>
  visit("/", async (page) => {
    await pick(page, file("brim.bin", Buffer.alloc(limit)));
    await label(page);
  }, { site }));
