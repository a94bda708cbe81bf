import init from "./logo.svg?init";
console.log(init);
