import { nothing } from "not-a-package";

console.log(nothing);
