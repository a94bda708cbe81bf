// The bench: one tile to put a thing on, and below it what came of it.

import { useEffect, useRef } from "preact/hooks";
import type { Identification } from "../api/identification";
import { Announcer } from "./announcer";
import { FailurePlate } from "./failure-plate";
import { Sending } from "./sending";
import { Tile } from "./tile";
import { useDrop, usePaste } from "./use-drop";
import { useIdentify } from "./use-identify";
import { VerdictPlate } from "./verdict-plate";

export function Bench({ onIdentified }: { onIdentified: (identification: Identification) => void }) {
  const { state, start, cancel } = useIdentify(onIdentified);
  const hover = useDrop(start);
  usePaste(start);

  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.at !== "idle") outcome.current?.scrollIntoView({ block: "nearest" });
  }, [state.at]);

  return (
    <section class="grid gap-4" aria-label="Identify">
      <Tile shape={state.at === "idle" ? "open" : "folded"} hover={hover} take={start} />
      <div ref={outcome} class="scroll-my-4">
        {state.at === "sending" && <Sending state={state} cancel={cancel} />}
        {state.at === "identified" && (
          <VerdictPlate key={state.identification.id} identification={state.identification} />
        )}
        {state.at === "failed" && <FailurePlate state={state} retry={start} dismiss={cancel} />}
      </div>
      <Announcer state={state} />
    </section>
  );
}
