import type { Identification } from "../api/identification";
import { Share } from "../app/share";
import { percent } from "../format/score";

// Below this a share reads `0.0 %`, which says nothing four times over.
const WORTH_TELLING = 0.0005;

/** The winner's share, and those of the labels that came closest. */
export function Confidence({ identification: { label, score, alternatives } }: { identification: Identification }) {
  const close = alternatives.filter((alternative) => alternative.score >= WORTH_TELLING);
  return (
    <section aria-labelledby="confidence">
      <h3 id="confidence" class="eyebrow">
        Confidence
      </h3>
      <ol class="mt-3 grid gap-4">
        <li class="font-bold">
          <Line label={label} score={score} />
        </li>
        {close.map((alternative) => (
          <li key={alternative.label} class="runner-up" title={alternative.description}>
            <Line label={alternative.label} score={alternative.score} />
          </li>
        ))}
        {close.length === 0 && <li class="text-sm text-ink-soft">Nothing else came close.</li>}
      </ol>
    </section>
  );
}

function Line({ label, score }: { label: string; score: number }) {
  return (
    <>
      <span class="flex justify-between gap-3">
        <span>{label}</span>
        <span class="tabular-nums">{percent(score)} %</span>
      </span>
      <Share percent={percent(score)} />
    </>
  );
}
