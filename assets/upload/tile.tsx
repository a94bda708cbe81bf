import { useState } from "preact/hooks";
import type { Sample } from "../api/identify";
import { Ornaments } from "../app/ornaments";
import { FilePicker } from "./file-picker";
import { PasteBox } from "./paste-box";
import type { Hover } from "./use-drop";

interface Props {
  hover: Hover;
  take: (line: Sample[]) => void;
}

/** Where a thing is put: dropped, picked or pasted. */
export function Tile({ hover, take }: Props) {
  const [pasteBox, setPasteBox] = useState<"closed" | "open">("closed");
  const takeText = (line: Sample[]) => {
    setPasteBox("closed");
    take(line);
  };
  return (
    <section
      class={`card relative flex flex-col justify-center overflow-hidden px-5 py-20 text-center transition-colors lg:min-h-96 ${hover === "above" ? "border-cobalt bg-wash" : ""}`}
      aria-label="Identify a file or a text"
    >
      <Ornaments lean={hover === "above" ? "in" : "out"} />
      <p class="text-3xl font-bold tracking-tight">{hover === "above" ? "Let go" : "Drop a file here"}</p>
      <p class="mt-2 text-ink-soft">
        {hover === "above" ? "and we shall see what it is" : "or anywhere on the page; pasting works too"}
      </p>
      <div class="mt-7 flex flex-wrap justify-center gap-3">
        <FilePicker take={take} />
        <button
          class="button"
          type="button"
          aria-expanded={pasteBox === "open"}
          aria-controls="paste-box"
          onClick={() => setPasteBox(pasteBox === "open" ? "closed" : "open")}
        >
          Paste text
        </button>
      </div>
      <div id="paste-box" hidden={pasteBox === "closed"}>
        {pasteBox === "open" && <PasteBox take={takeText} />}
      </div>
    </section>
  );
}
