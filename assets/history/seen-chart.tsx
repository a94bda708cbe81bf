import { useState } from "preact/hooks";
import type { Stats } from "../api/identification";

type By = "group" | "label";

interface Row {
  name: string;
  group: string;
  count: number;
}

const ROW_HEIGHT = 40;

/** How often each group or label has been seen. The chart's description holds every number. */
export function SeenChart({ stats }: { stats: Stats }) {
  const [by, setBy] = useState<By>("group");
  const rows = rowsOf(stats, by);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <figure>
      <figcaption class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2">
        <h2 class="text-2xl font-bold tracking-tight">Seen so far</h2>
        <Choice by={by} choose={setBy} />
      </figcaption>
      <svg class="mt-4 w-full" height={rows.length * ROW_HEIGHT} role="img" aria-labelledby="seen-title seen-desc">
        <title id="seen-title">{`Things seen by ${by}, ${stats.total} in all`}</title>
        <desc id="seen-desc">{rows.map(({ name, count }) => `${name} ${count}`).join(", ")}</desc>
        {rows.map((row, index) => (
          <Bar key={row.name} row={row} most={most} top={index * ROW_HEIGHT} />
        ))}
      </svg>
    </figure>
  );
}

function Bar({ row: { name, group, count }, most, top }: { row: Row; most: number; top: number }) {
  return (
    <g data-group={group}>
      <text x="0" y={top + 15} class="fill-ink text-sm">
        {name}
      </text>
      <text x="100%" y={top + 15} text-anchor="end" class="fill-ink text-sm font-bold tabular-nums">
        {count}
      </text>
      <rect x="0" y={top + 22} width="100%" height="8" rx="4" class="fill-wash" />
      <rect x="0" y={top + 22} width={`${(100 * count) / most}%`} height="8" rx="4" class="fill-(--hue)" />
    </g>
  );
}

function Choice({ by, choose }: { by: By; choose: (by: By) => void }) {
  return (
    <fieldset class="flex gap-4 text-sm">
      <legend class="sr-only">Count by</legend>
      {(["group", "label"] as const).map((value) => (
        <label
          key={value}
          class="relative border-b-2 border-transparent py-1 text-ink-soft has-checked:border-cobalt has-checked:font-semibold has-checked:text-ink has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-cobalt"
        >
          <input
            class="absolute inset-0 cursor-pointer opacity-0"
            type="radio"
            name="seen-by"
            checked={by === value}
            onChange={() => choose(value)}
          />
          {value === "group" ? "Groups" : "Labels"}
        </label>
      ))}
    </fieldset>
  );
}

function rowsOf({ groups, labels }: Stats, by: By): Row[] {
  if (by === "group") return groups.map(({ group, count }) => ({ name: group, group, count }));
  return labels.map(({ label, group, count }) => ({ name: label, group, count }));
}
