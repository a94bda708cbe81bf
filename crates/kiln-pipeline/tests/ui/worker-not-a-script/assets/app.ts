import Logo from "./logo.svg?worker";
console.log(new Logo());
