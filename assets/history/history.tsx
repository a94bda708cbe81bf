// Everything that has been identified, as a list and as a count.

import type { Identification } from "../api/identification";
import { HistoryList } from "./history-list";
import { SeenChart } from "./seen-chart";
import { useHistory } from "./use-history";
import { useStats } from "./use-stats";

export function History({ newest }: { newest: Identification | null }) {
  const { history, load } = useHistory(newest);
  const stats = useStats(newest);
  const seen = stats !== null && stats.total > 0 ? stats : null;
  return (
    <div class={`mt-8 grid items-start gap-x-12 gap-y-12 lg:col-span-2 ${seen ? "lg:grid-cols-[1fr_20rem]" : ""}`}>
      <HistoryList history={history} load={load} />
      {seen && <SeenChart stats={seen} />}
    </div>
  );
}
