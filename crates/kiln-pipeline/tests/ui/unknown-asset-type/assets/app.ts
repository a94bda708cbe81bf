import shader from "./sky.glsl";
console.log(shader);
