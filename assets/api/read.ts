// The reads: what has been identified so far.

import { failureFrom, unreachable } from "./failure";
import type { IdentificationPage, Stats } from "./identification";

const PAGE_SIZE = 10;

/** The page of identifications older than `before`, or the newest page. */
export function identifications(before: string | null): Promise<IdentificationPage> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (before !== null) query.set("before", before);
  return read(`/api/identifications?${query}`);
}

export const stats = (): Promise<Stats> => read("/api/stats");

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { accept: "application/json" } }).catch(() => {
    throw unreachable();
  });
  const body = await response.text().catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw failureFrom(response.status, body);
  return JSON.parse(body) as T;
}
