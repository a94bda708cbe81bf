new Worker(new URL("./sw.ts", import.meta.url)); navigator.serviceWorker.register(new URL("./sw.ts", import.meta.url));
