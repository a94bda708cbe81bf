// What has been seen, counted; counted again after every new verdict.

import { useEffect, useState } from "preact/hooks";
import type { Identification, Stats } from "../api/identification";
import { stats } from "../api/read";

/** Null until the counts are known. When they cannot be had the last known ones stay. */
export function useStats(newest: Identification | null): Stats | null {
  const [counted, setCounted] = useState<Stats | null>(null);
  useEffect(() => {
    let current = true;
    stats().then(
      (fresh) => current && setCounted(fresh),
      () => {}, // The history beside it says that the server is away.
    );
    return () => {
      current = false;
    };
  }, [newest?.id]);
  return counted;
}
