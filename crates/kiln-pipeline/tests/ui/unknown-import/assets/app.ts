import { one } from "./numbres";

console.log(one);
