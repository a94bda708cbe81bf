import url from "./part.ts?url"; console.log(new URL("./part.ts", import.meta.url), url);
