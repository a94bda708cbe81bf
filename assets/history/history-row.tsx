import type { Identification } from "../api/identification";
import { bytes } from "../format/bytes";
import { ago, inFull } from "../format/moment";
import { sampleName } from "../format/sample";

export function HistoryRow({ row, now }: { row: Identification; now: number }) {
  return (
    <li class="border-b border-line last:border-b-0">
      <a
        class="-mx-3 grid grid-cols-[auto_1fr_auto] items-baseline gap-x-3 rounded-lg px-3 py-3 hover:bg-wash"
        href={`/f/${row.id}`}
        data-group={row.group}
      >
        <span class="swatch" aria-hidden="true" />
        <span class="truncate font-semibold">{sampleName(row.name)}</span>
        <span class="text-right font-bold">{row.label}</span>
        <span class="col-start-2 truncate text-sm text-ink-soft">{row.description}</span>
        <span class="text-right text-sm text-ink-soft">
          <span class="max-sm:hidden">{bytes(row.size)}, </span>
          <time datetime={row.identified_at} title={inFull(row.identified_at)}>
            {ago(row.identified_at, now)}
          </time>
        </span>
      </a>
    </li>
  );
}
