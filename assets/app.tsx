// The entry: brings to life whatever the page offers. `/` has the application's root; a verdict's
// page is whole as the server sent it and only gains copy buttons and the reader's own clock.

import { render } from "preact";
import { App } from "./app/app";
import { CopyButton } from "./app/copy-button";
import { inFull } from "./format/moment";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);

for (const slot of document.querySelectorAll<HTMLElement>("[data-copy]")) {
  const { copy = "", copyWhat = "" } = slot.dataset;
  render(<CopyButton text={copy} what={copyWhat} />, slot);
}

for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-local]")) {
  time.textContent = inFull(time.dateTime);
}
