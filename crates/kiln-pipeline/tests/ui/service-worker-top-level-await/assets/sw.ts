await caches.open("a");
