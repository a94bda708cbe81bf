// A tile to put a thing on, and below it what came of it. Both are cells of the page's own grid, where the
// headline is the third.

import { useEffect, useRef } from "preact/hooks";
import type { Identification } from "../api/identification";
import { Announcer } from "./announcer";
import { FailureCard } from "./failure-card";
import { Sending } from "./sending";
import { Tile } from "./tile";
import { useDrop } from "./use-drop";
import { useIdentify } from "./use-identify";
import { usePaste } from "./use-paste";
import { VerdictCard } from "./verdict-card";

export function Upload({ onIdentified }: { onIdentified: (identification: Identification) => void }) {
  const { state, start, refuse, cancel } = useIdentify(onIdentified);
  const hover = useDrop(start, refuse);
  usePaste(start);

  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.at !== "idle") outcome.current?.scrollIntoView({ block: "nearest" });
  }, [state.at]);

  return (
    <>
      <Tile hover={hover} take={start} />
      <div ref={outcome} class="scroll-my-6 empty:hidden lg:col-span-2">
        {state.at === "sending" && <Sending state={state} cancel={cancel} />}
        {state.at === "identified" && (
          <VerdictCard key={state.identification.id} identification={state.identification} />
        )}
        {state.at === "failed" && <FailureCard state={state} retry={start} dismiss={cancel} />}
      </div>
      <Announcer state={state} />
    </>
  );
}
