navigator.serviceWorker.register(new URL("./sw.ts", import.meta.url));
