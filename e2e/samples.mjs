// Samples, and the ways to upload them.

export const CARGO_TOML = `[package]
name = "sample"
version = "0.1.0"
edition = "2024"
license = "MIT OR Apache-2.0"

[dependencies]
serde = { version = "1", features = ["derive"] }
thiserror = "2"

[dev-dependencies]
tempfile = "3"
`;

export const PYTHON = `import json
import sys


def main(path: str) -> int:
    """Count the keys of a JSON file."""
    with open(path, encoding="utf-8") as handle:
        data = json.load(handle)
    for key, value in sorted(data.items()):
        print(f"{key}: {type(value).__name__}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
`;

export const file = (name, content) => ({ name, mimeType: "", buffer: Buffer.from(content) });

/** Picks files as a person does, by the page's own file control. */
export const pick = (page, ...files) => page.setInputFiles("input[type=file]", files);

/** Drops a file on the middle of the page, with the drag that comes before it. */
export async function drop(page, name, content) {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], fileName));
      return transfer;
    },
    [name, content],
  );
  await page.dispatchEvent("main", "dragover", { dataTransfer });
  return { release: () => page.dispatchEvent("main", "drop", { dataTransfer }) };
}

/** Pastes text with nothing focused, as Ctrl + V on the page does. */
export const paste = (page, text) =>
  page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);

export const verdict = (page) => page.locator("[data-outcome=verdict]");
export const failure = (page) => page.locator("[data-outcome=failure]");

/** The label of the verdict, awaited. */
export async function label(page) {
  await verdict(page).waitFor();
  return verdict(page).locator("h2").innerText();
}

/** Identifies without the page, and yields the response of the server. */
export async function identified(site, name, content) {
  const answer = await fetch(`${site}/api/identify?${new URLSearchParams({ name })}`, { method: "POST", body: content });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
