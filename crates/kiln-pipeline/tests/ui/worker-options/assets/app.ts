const options = { name: "w" };
new Worker(new URL("./w.ts", import.meta.url), options);
