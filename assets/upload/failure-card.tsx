import type { Sample } from "../api/identify";
import { sampleName } from "../format/sample";
import type { UploadState } from "./use-identify";

interface Props {
  state: UploadState & { at: "failed" };
  retry: (line: Sample[]) => void;
  dismiss: () => void;
}

/** What went wrong, in the server's own words where it had any, and the way on. */
export function FailureCard({ state: { line, failure }, retry, dismiss }: Props) {
  const failed = line[0];
  const unsent = line.length - 1;
  return (
    <div class="animate-settle rounded-2xl border border-iron bg-iron-wash p-6 sm:p-8" data-outcome="failure">
      {failed !== undefined && <p class="eyebrow truncate">{sampleName(failed.name)}</p>}
      <h2 class="mt-1 text-2xl font-bold tracking-tight text-iron">{failure.title}</h2>
      <p class="mt-2 max-w-prose first-letter:uppercase">{failure.detail}</p>
      {unsent > 0 && <p class="mt-2">{unsent === 1 ? "One more file waits" : `${unsent} more files wait`} behind it.</p>}
      <div class="mt-5 flex flex-wrap gap-3">
        {failed !== undefined && (
          <button class="button button-main" type="button" onClick={() => retry(line)}>
            Try again
          </button>
        )}
        {unsent > 0 && (
          <button class="button" type="button" onClick={() => retry(line.slice(1))}>
            Skip it
          </button>
        )}
        <button class="button" type="button" onClick={dismiss}>
          Dismiss
        </button>
      </div>
    </div>
  );
}
