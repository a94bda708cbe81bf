import { useEffect, useRef } from "preact/hooks";
import { HistoryRow } from "./history-row";
import type { HistoryState } from "./use-history";
import { useNow } from "./use-now";

interface Props {
  history: HistoryState;
  load: (before: string | null) => void;
}

/** The latest verdicts, and a way to older ones. */
export function HistoryList({ history: { rows, older, status, failure }, load }: Props) {
  const now = useNow();
  const list = useRef<HTMLOListElement>(null);
  const focusFrom = useRef<number | null>(null);

  // The button that was pressed moves away or vanishes: focus goes on to the first row that it brought.
  useEffect(() => {
    if (focusFrom.current === null || rows.length <= focusFrom.current) return;
    list.current?.querySelectorAll("a")[focusFrom.current]?.focus();
    focusFrom.current = null;
  }, [rows.length]);

  return (
    <section class="min-w-0" aria-labelledby="history" aria-busy={status === "loading"}>
      <h2 id="history" class="text-2xl font-bold tracking-tight">
        Latest verdicts
      </h2>
      <ol ref={list} class="mt-4">
        {rows.map((row) => (
          <HistoryRow key={row.id} row={row} now={now} />
        ))}
      </ol>
      {rows.length === 0 && status === "ready" && (
        <p class="rounded-2xl border border-dashed border-edge px-6 py-10 text-center text-ink-soft">
          Nothing yet. The first verdict will be yours.
        </p>
      )}
      {failure !== null && (
        <p class="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 text-iron" role="alert">
          {failure.title}.
          <button class="button" type="button" onClick={() => load(rows.at(-1)?.id ?? null)}>
            Try again
          </button>
        </p>
      )}
      {older !== null && failure === null && (
        <button
          class="button mt-4"
          type="button"
          aria-disabled={status === "loading"}
          onClick={() => {
            if (status === "loading") return;
            focusFrom.current = rows.length;
            load(older);
          }}
        >
          Older
        </button>
      )}
    </section>
  );
}
