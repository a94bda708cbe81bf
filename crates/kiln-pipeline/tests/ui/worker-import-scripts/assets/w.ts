importScripts("./lib.js");
postMessage(1);
