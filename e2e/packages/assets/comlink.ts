import { type Remote, wrap } from "comlink";
import type { Twice } from "./comlink-worker";
import { done } from "./done";

const worker: Remote<Twice> = wrap(new Worker(new URL("./comlink-worker.ts", import.meta.url)));
done(String(await worker.twice(21)));
