// The verdicts so far, newest first, fetched a page at a time.

import { useCallback, useEffect, useState } from "preact/hooks";
import type { Failure } from "../api/failure";
import type { Identification } from "../api/identification";
import { identifications } from "../api/read";

export interface HistoryState {
  rows: Identification[];
  /** Where the next page starts; null at the end. */
  older: string | null;
  status: "loading" | "ready" | "failed";
  failure: Failure | null;
}

const UNREAD: HistoryState = { rows: [], older: null, status: "loading", failure: null };

export function useHistory(newest: Identification | null) {
  const [history, setHistory] = useState<HistoryState>(UNREAD);

  const load = useCallback(async (before: string | null) => {
    setHistory((known) => ({ ...known, status: "loading", failure: null }));
    try {
      const page = await identifications(before);
      setHistory((known) => ({
        rows: merged(known.rows, page.identifications),
        older: page.next_before,
        status: "ready",
        failure: null,
      }));
    } catch (failure) {
      setHistory((known) => ({ ...known, status: "failed", failure: failure as Failure }));
    }
  }, []);

  useEffect(() => void load(null), [load]);
  useEffect(() => {
    if (newest !== null) setHistory((known) => ({ ...known, rows: merged(known.rows, [newest]) }));
  }, [newest]);

  return { history, load };
}

/** Ids are UUIDs of version 7, so their order is the order of time. */
function merged(known: Identification[], more: Identification[]): Identification[] {
  const byId = new Map([...known, ...more].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
