// Updates this page after edits: swaps style sheets in place, reloads for other changes, and shows the errors of a
// failed build. Development only.

const channel = "kiln watcher KILN_WATCHER_PORT";

/** Time of the newest change in this page, in milliseconds since 1970. Changes before its request are in it already. */
let shown = Date.now() - performance.now();
const leaving = new WeakSet();

new BroadcastChannel(channel).onmessage = ({ data: { changed, mistakes } }) => {
  report(mistakes);
  const news = Object.entries(changed).filter(([, at]) => at > shown);
  if (news.length === 0) return;
  shown = Math.max(...news.map(([, at]) => at));
  if (news.every(([url]) => url.endsWith(".css"))) news.forEach(([url, at]) => swap(url, at));
  else location.reload();
};
// The worker is served beside this file.
new SharedWorker(new URL("listen.js", import.meta.url), { name: channel });

/** Replaces a style sheet. The old one stays until the new one has loaded, so that the page is never unstyled. */
function swap(url, at) {
  for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
    const address = new URL(link.href);
    if (address.pathname !== url || address.origin !== location.origin || leaving.has(link)) continue;
    const next = link.cloneNode();
    address.searchParams.set("changed", at);
    next.href = address.href;
    leaving.add(link);
    for (const event of ["load", "error"]) next.addEventListener(event, () => link.remove(), { once: true });
    link.after(next);
  }
}

let reported = "[]";
let overlay = null;

/** Shows new errors; closed ones stay closed. */
function report(mistakes) {
  const these = JSON.stringify(mistakes);
  if (these === reported) return;
  reported = these;
  overlay?.remove();
  overlay = mistakes.length === 0 ? null : show(mistakes);
}

function show(mistakes) {
  const host = element("kiln-mistakes");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet()];
  const title = mistakes.length === 1 ? "The front end does not build" : `The front end has ${mistakes.length} errors`;
  const heading = element("h1", { textContent: title, id: "title" });
  const close = element("button", { type: "button", textContent: "Close (Esc)" });
  const dialog = element("dialog", {}, element("header", {}, heading, close), ...mistakes.map(section));
  dialog.setAttribute("aria-labelledby", "title");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => host.remove());
  root.append(dialog);
  document.documentElement.append(host);
  dialog.showModal();
  return { remove: () => (dialog.close(), host.remove()) };
}

function section({ message, file, line, column, frame, label, help }) {
  const parts = [element("h2", { textContent: message })];
  const place = line === null ? file : `${file}:${line}:${column}`;
  if (place !== null) parts.push(element("p", { className: "place", textContent: place }));
  if (frame.length > 0) parts.push(code(frame, label));
  if (help !== null) parts.push(element("p", { className: "help", textContent: help }));
  return element("section", {}, ...parts);
}

/** Numbered lines around the error, with a caret below the marked line. */
function code(frame, label) {
  const width = String(frame.at(-1).number).length;
  const lines = frame.flatMap(({ number, text, caret }) => {
    const written = element("span", { textContent: `${String(number).padStart(width)} │ ${text}\n` });
    if (caret === null) return [written];
    written.className = "wrong";
    const under = `${" ".repeat(width)} │ ${caret} ${label ?? ""}\n`;
    return [written, element("span", { className: "caret", textContent: under })];
  });
  const block = element("pre", { tabIndex: 0 }, ...lines);
  block.setAttribute("aria-label", "Source");
  block.setAttribute("role", "group");
  return block;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A constructed style sheet, to which the page's policy does not apply. */
function sheet() {
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; }
    dialog {
      box-sizing: border-box; width: min(60rem, 100vw - 2rem); max-height: calc(100vh - 4rem); margin: 2rem auto auto;
      padding: 0; overflow: auto; border: 0; border-top: 0.375rem solid #e5484d; border-radius: 0.5rem;
      background: #17191f; color: #eceef2; font: 1rem/1.5 system-ui, sans-serif; text-align: start;
      box-shadow: 0 1.5rem 4rem #000a;
    }
    dialog::backdrop { background: #0b0c10b3; }
    header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; padding: 1rem 1.5rem 0; }
    h1 { margin: 0; color: #b3b9c6; font-size: 0.9375rem; font-weight: 500; }
    button {
      flex: none; padding: 0.25rem 0.75rem; border: 1px solid #596070; border-radius: 0.375rem; background: none;
      color: inherit; font: inherit; font-size: 0.875rem; cursor: pointer;
    }
    button:hover { background: #2a2e38; }
    :focus-visible { outline: 2px solid #7cb7ff; outline-offset: 2px; }
    section { padding: 0.75rem 1.5rem 1.5rem; }
    section + section { border-top: 1px solid #313642; }
    h2 { margin: 0; color: #ff9a9d; font-size: 1.125rem; font-weight: 600; white-space: pre-wrap; overflow-wrap: anywhere; }
    p { margin: 0.25rem 0 0; }
    pre {
      margin: 0.75rem 0 0; padding: 0.75rem 1rem; overflow-x: auto; border-radius: 0.375rem; background: #0d0f13;
      color: #b3b9c6; font: 0.875rem/1.6 ui-monospace, monospace; tab-size: 4;
    }
    .place { color: #7cb7ff; font-family: ui-monospace, monospace; font-size: 0.875rem; overflow-wrap: anywhere; }
    .wrong { color: #fff; }
    .caret { color: #ff9a9d; }
    .help { margin-top: 0.75rem; white-space: pre-wrap; }
    .help::before { content: "Help: "; color: #8fd694; font-weight: 600; }
  `);
  return style;
}
