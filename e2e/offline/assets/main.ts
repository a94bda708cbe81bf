import "./app";

await navigator.serviceWorker.ready;
document.body.dataset["outcome"] = "ready";
