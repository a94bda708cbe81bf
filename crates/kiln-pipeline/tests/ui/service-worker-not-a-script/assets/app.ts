navigator.serviceWorker.register(new URL("./sw.txt", import.meta.url));
