new Worker(new URL("./w.ts", import.meta.url));
