import { useEffect } from "preact/hooks";
import type { Sample } from "../api/identify";
import { samplesIn } from "./transfer";

/** Takes what is pasted on the page, except into a field, where pasting is writing. */
export function usePaste(take: (line: Sample[]) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData === null || isField(event.target)) return;
      const line = samplesIn(event.clipboardData);
      if (line.length === 0) return;
      event.preventDefault();
      take(line);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [take]);
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "text");
