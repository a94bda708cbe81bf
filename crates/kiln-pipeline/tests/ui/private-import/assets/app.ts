import key from "./secret/key.json";

console.log(key);
