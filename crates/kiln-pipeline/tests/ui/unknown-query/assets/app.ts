import Logo from "./logo.svg?component";
console.log(Logo);
