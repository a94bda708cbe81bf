import { useState } from "preact/hooks";
import { namedFile, type Specimen } from "../api/identify";
import { Ornaments } from "../app/ornaments";
import { PasteBox } from "./paste-box";
import type { Hover } from "./use-drop";

interface Props {
  /** Folded to a strip once there is something more important to see. */
  shape: "open" | "folded";
  hover: Hover;
  take: (line: Specimen[]) => void;
}

/** Where a thing is put: dropped, picked or pasted. */
export function Tile({ shape, hover, take }: Props) {
  const [pasting, setPasting] = useState<"closed" | "open">("closed");
  const above = hover === "above";
  const open = shape === "open";
  return (
    <div
      class={`plate relative overflow-hidden text-center transition-colors ${above ? "border-cobalt bg-wash" : ""} ${open ? "px-6 py-14 sm:py-20" : "px-4 py-4 sm:px-6"}`}
    >
      {open && <Ornaments leaning={above} />}
      <div class={open ? "" : "flex flex-wrap items-center justify-between gap-x-6 gap-y-3"}>
        <p class={open ? "text-2xl font-bold tracking-tight sm:text-3xl" : "font-semibold"}>
          {above ? "Let go, and we shall see" : open ? "Drop a file here" : "Drop another anywhere"}
        </p>
        {open && <p class="mt-2 text-ink-soft">or anywhere on the page; pasting works too</p>}
        <div class={`flex flex-wrap gap-3 ${open ? "mt-7 justify-center" : ""}`}>
          <FilePicker take={take} />
          <button
            class="button"
            type="button"
            aria-expanded={pasting === "open"}
            aria-controls="paste-box"
            onClick={() => setPasting(pasting === "open" ? "closed" : "open")}
          >
            Paste text
          </button>
        </div>
      </div>
      <div id="paste-box" hidden={pasting === "closed"}>
        {pasting === "open" && (
          <PasteBox
            take={(line) => {
              setPasting("closed");
              take(line);
            }}
          />
        )}
      </div>
    </div>
  );
}

/** The native control, which every keyboard and screen reader knows, under a label drawn as a button. */
function FilePicker({ take }: { take: (line: Specimen[]) => void }) {
  const pick = ({ currentTarget: input }: { currentTarget: HTMLInputElement }) => {
    const line = Array.from(input.files ?? [], namedFile);
    // Emptied, so that picking the same file again is a change again.
    input.value = "";
    if (line.length > 0) take(line);
  };
  return (
    <label class="button button-main relative cursor-pointer focus-within:outline-3 focus-within:outline-offset-3 focus-within:outline-cobalt">
      <input class="absolute inset-0 cursor-pointer opacity-0" type="file" multiple onChange={pick} />
      Choose a file
    </label>
  );
}
