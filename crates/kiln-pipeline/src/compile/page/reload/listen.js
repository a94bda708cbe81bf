// A shared worker, one for all pages of this origin: hears the watcher, and tells the pages. Its name is that
// of the channel between them, with the watcher's port at the end.

const SOON_MS = 250;
const LATEST_MS = 5_000;

const watcher = `http://127.0.0.1:${self.name.split(" ").at(-1)}/`;
const pages = new BroadcastChannel(self.name);
let last = null;
let wait = SOON_MS;
let waiting = null;

// What is told twice is acted on once, so a new page may be told by telling all.
self.onconnect = () => {
  if (last !== null) pages.postMessage(last);
  if (waiting === null) return;
  clearTimeout(waiting);
  wait = SOON_MS;
  listen();
};

function listen() {
  waiting = null;
  const stream = new EventSource(watcher);
  stream.onopen = () => {
    wait = SOON_MS;
  };
  stream.onmessage = ({ data }) => tell(JSON.parse(data));
  stream.onerror = () => {
    stream.close();
    waiting = setTimeout(listen, wait);
    wait = Math.min(2 * wait, LATEST_MS);
  };
}

async function tell(state) {
  last = state;
  if (state.mistakes.length === 0) await serverIsThere();
  if (last === state) pages.postMessage(state);
}

/** A page that reloads while the server restarts would be lost to the browser's own page for that. */
async function serverIsThere() {
  for (;;) {
    const answer = await fetch(self.location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (answer !== null) return;
    await new Promise((done) => setTimeout(done, SOON_MS));
  }
}

listen();
