import katex from "katex";
import "katex/dist/katex.min.css";
import { done } from "./done";

katex.render("c = \\sqrt{a^2 + b^2}", document.querySelector("main")!);
await document.fonts.load("16px KaTeX_Main");
done(String(document.querySelector(".katex-html") !== null));
