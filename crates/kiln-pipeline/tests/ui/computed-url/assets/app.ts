const url = (name: string) => new URL(`./img/${name}.svg`, import.meta.url);
console.log(url("a"));
