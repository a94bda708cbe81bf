import { certainty, percent } from "../format/score";
import { sampleName } from "../format/sample";
import type { UploadState } from "./use-identify";

/** Speaks for screen readers. It is always in the page: a live region that appears is not heard. */
export function Announcer({ state }: { state: UploadState }) {
  return (
    <p class="sr-only" role="status">
      {sentence(state)}
    </p>
  );
}

function sentence(state: UploadState): string {
  switch (state.at) {
    case "idle":
      return "";
    case "sending":
      return `Reading ${sampleName(state.sample.name)}.`;
    case "identified": {
      const { name, label, description, score } = state.identification;
      return `${sampleName(name)} is ${certainty(score)} ${label}: ${description}, ${percent(score)} percent.`;
    }
    case "failed":
      return `${state.failure.title}. ${state.failure.detail}`;
  }
}
