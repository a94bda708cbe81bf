import { createHighlighterCore } from "shiki/core";
import { createOnigurumaEngine } from "shiki/engine/oniguruma";
import json from "shiki/langs/json.mjs";
import theme from "shiki/themes/github-light.mjs";
import { done } from "./done";

const engine = createOnigurumaEngine(import("shiki/wasm"));
const highlighter = await createHighlighterCore({ engine, langs: [json], themes: [theme] });
const main = document.querySelector("main")!;
main.innerHTML = highlighter.codeToHtml("[42]", { lang: "json", theme: "github-light" });
const colors = [...main.querySelectorAll("span")].map((span) => getComputedStyle(span).color);
done(String(new Set(colors).size > 1));
