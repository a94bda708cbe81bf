// Dropping and pasting work anywhere on the page: a tile that must be hit is a game of skill.

import { useEffect, useState } from "preact/hooks";
import { namedFile, pastedText, type Specimen } from "../api/identify";

export type Hover = "away" | "above";

/** Takes what is dropped on the page, and tells whether something is being held above it. */
export function useDrop(take: (line: Specimen[]) => void): Hover {
  const [hover, setHover] = useState<Hover>("away");

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer === null || !takes(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setHover("above");
    };
    const leave = (event: DragEvent) => {
      // Crossing from one element to the next also leaves; only the window's edge has no next.
      if (event.relatedTarget === null) setHover("away");
    };
    const drop = (event: DragEvent) => {
      if (event.dataTransfer === null || !takes(event.dataTransfer)) return;
      event.preventDefault();
      setHover("away");
      const line = specimens(event.dataTransfer);
      if (line.length > 0) take(line);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, [take]);

  return hover;
}

/** Takes what is pasted on the page, except into a field, where pasting is writing. */
export function usePaste(take: (line: Specimen[]) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData === null || isField(event.target)) return;
      const line = specimens(event.clipboardData);
      if (line.length === 0) return;
      event.preventDefault();
      take(line);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [take]);
}

const takes = ({ types }: DataTransfer) => types.includes("Files") || types.includes("text/plain");

const isField = (target: EventTarget | null) =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "file");

/** Files where there are any, otherwise the text. A folder comes as an item that is no file. */
function specimens(transfer: DataTransfer): Specimen[] {
  const files = Array.from(transfer.items).flatMap((item) => {
    const file = item.kind === "file" && item.webkitGetAsEntry()?.isDirectory !== true ? item.getAsFile() : null;
    return file === null ? [] : [namedFile(file)];
  });
  if (files.length > 0) return files;
  const text = transfer.getData("text/plain");
  return text === "" ? [] : [pastedText(text)];
}
