// The verdict. `src/routes/verdict.html` draws the same card on the server: change both.

import type { Identification } from "../api/identification";
import { certainty } from "../format/score";
import { sampleName } from "../format/sample";
import { Confidence } from "./confidence";
import { Facts } from "./facts";

export function VerdictCard({ identification }: { identification: Identification }) {
  const { name, label, description, score, group } = identification;
  return (
    <article
      class="card relative animate-settle overflow-hidden"
      data-outcome="verdict"
      data-group={group}
      aria-labelledby="verdict-label"
    >
      <span class="ornament top-3 right-3 rotate-90 sm:top-5 sm:right-5 sm:w-32" aria-hidden="true" />
      <div class="grid gap-x-12 gap-y-10 p-6 sm:p-10 md:grid-cols-[1fr_18rem]">
        <header class="min-w-0 pr-12 sm:pr-32 md:col-span-2">
          <p class="eyebrow break-words">
            {sampleName(name)} is {certainty(score)}
          </p>
          <h2 id="verdict-label" class="mt-1 text-5xl font-extrabold tracking-tight break-words sm:text-7xl">
            {label}
          </h2>
          <p class="mt-3 text-lg text-pretty">{description}</p>
        </header>
        <Facts identification={identification} />
        <Confidence identification={identification} />
      </div>
    </article>
  );
}
