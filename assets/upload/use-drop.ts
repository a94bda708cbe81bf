// Dropping works anywhere on the page: a tile that must be hit is a game of skill.

import { useEffect, useState } from "preact/hooks";
import { aFolder, type Failure } from "../api/failure";
import type { Sample } from "../api/identify";
import { holdsFolder, holdsSample, samplesIn } from "./transfer";

export type Hover = "away" | "above";

/** Takes what is dropped on the page; says whether something is being held above it. */
export function useDrop(take: (line: Sample[]) => void, refuse: (failure: Failure) => void): Hover {
  const [hover, setHover] = useState<Hover>("away");

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer === null || !holdsSample(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setHover("above");
    };
    const leave = (event: DragEvent) => {
      // Crossing from one element to the next also leaves; only the window's edge has no next.
      if (event.relatedTarget === null) setHover("away");
    };
    const drop = (event: DragEvent) => {
      if (event.dataTransfer === null || !holdsSample(event.dataTransfer)) return;
      event.preventDefault();
      setHover("away");
      const line = samplesIn(event.dataTransfer);
      if (line.length > 0) take(line);
      else if (holdsFolder(event.dataTransfer)) refuse(aFolder());
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, [take, refuse]);

  return hover;
}
