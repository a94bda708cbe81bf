import { EditorView, basicSetup } from "codemirror";
import { done } from "./done";

const editor = new EditorView({ doc: "fn main() {}", extensions: basicSetup, parent: document.querySelector("main")! });
done(getComputedStyle(editor.dom).display);
