import { certainty, percent } from "../wording/score";
import { specimenName } from "../wording/specimen";
import type { BenchState } from "./use-identify";

/** Speaks for screen readers. It is always in the page: a live region that appears is not heard. */
export function Announcer({ state }: { state: BenchState }) {
  return (
    <p class="sr-only" role="status">
      {sentence(state)}
    </p>
  );
}

function sentence(state: BenchState): string {
  switch (state.at) {
    case "idle":
      return "";
    case "sending":
      return `Reading ${specimenName(state.specimen.name)}.`;
    case "identified": {
      const { name, label, description, score } = state.identification;
      return `${specimenName(name)} is ${certainty(score)} ${label}: ${description}, ${percent(score)} percent.`;
    }
    case "failed":
      return `${state.failure.title}. ${state.failure.detail}`;
  }
}
