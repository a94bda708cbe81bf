import { sampleName } from "../format/sample";
import type { UploadState } from "./use-identify";

/** How far the upload has come; once all is sent, the model is at work. */
export function Sending({ state, cancel }: { state: UploadState & { at: "sending" }; cancel: () => void }) {
  const { sample, fraction, waiting } = state;
  const sent = Math.round(fraction * 100);
  return (
    <div class="card flex flex-wrap items-center gap-x-6 gap-y-3 p-6">
      <label class="grid min-w-0 grow basis-64 gap-2">
        <span class="flex justify-between gap-4 font-semibold">
          <span class="truncate">{sampleName(sample.name)}</span>
          <span class="flex-none tabular-nums">{fraction < 1 ? `${sent} %` : "Thinking"}</span>
        </span>
        <progress class="progress" max={100} value={fraction < 1 ? sent : undefined} />
        {waiting > 0 && <span class="text-sm text-ink-soft">{waiting} more in line</span>}
      </label>
      <button class="button" type="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}
