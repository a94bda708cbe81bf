import mermaid from "mermaid";
import { done } from "./done";

mermaid.initialize({ startOnLoad: false });
const { svg } = await mermaid.render("diagram", "flowchart LR\n  a --> b");
document.querySelector("main")!.innerHTML = svg;
done(getComputedStyle(document.querySelector(".node rect")!).fill);
