import key from "./secret/key.txt?raw";
console.log(key);
