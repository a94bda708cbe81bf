// A shared worker, one for all pages of this origin: forwards events of the watcher to the pages. Its name is the name
// of their channel, with the watcher's port at the end.

const SOON_MS = 250;
const LATEST_MS = 5_000;

const watcher = `http://127.0.0.1:${self.name.split(" ").at(-1)}/`;
const pages = new BroadcastChannel(self.name);
let last = null;
let wait = SOON_MS;
let waiting = null;

// Pages ignore a state that they have, so the last state is sent to all when a page connects.
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
  stream.onmessage = ({ data }) => forward(JSON.parse(data));
  stream.onerror = () => {
    stream.close();
    waiting = setTimeout(listen, wait);
    wait = Math.min(2 * wait, LATEST_MS);
  };
}

async function forward(state) {
  last = state;
  if (state.mistakes.length === 0) await serverAnswers();
  if (last === state) pages.postMessage(state);
}

/** Resolves once the server answers: a page that reloads during a restart would become the browser's error page. */
async function serverAnswers() {
  for (;;) {
    const answer = await fetch(self.location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (answer !== null) return;
    await new Promise((done) => setTimeout(done, SOON_MS));
  }
}

listen();
