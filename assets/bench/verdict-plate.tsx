// The verdict. `src/routes/verdict.html` draws the same plate on the server: change both.

import type { Identification } from "../api/identification";
import { CopyButton } from "../app/copy-button";
import { Ornaments } from "../app/ornaments";
import { bytes } from "../wording/bytes";
import { certainty } from "../wording/score";
import { specimenName } from "../wording/specimen";
import { Confidence } from "./confidence";

export function VerdictPlate({ identification }: { identification: Identification }) {
  const { id, name, label, description, score, group } = identification;
  const permalink = new URL(`/f/${id}`, location.href).href;
  return (
    <article
      class="plate relative animate-settle overflow-hidden"
      data-outcome="verdict"
      data-group={group}
      aria-labelledby="verdict-label"
    >
      <Ornaments leaning={false} />
      <div class="grid gap-x-12 gap-y-9 p-6 sm:p-10 md:grid-cols-[1fr_18rem]">
        <header class="min-w-0 pr-14 md:col-span-2 md:pr-20">
          <p class="eyebrow break-words">
            {specimenName(name)} is {certainty(score)}
          </p>
          <h2 id="verdict-label" class="mt-1 text-5xl font-extrabold tracking-tight break-words sm:text-7xl">
            {label}
          </h2>
          <p class="mt-3 text-lg text-pretty">{description}</p>
        </header>
        <Facts identification={identification} />
        <Confidence identification={identification} />
        <p class="flex flex-wrap gap-x-5 gap-y-2 md:col-span-2">
          <a class="link" href={`/f/${id}`}>
            Open its page
          </a>
          <CopyButton text={permalink} what="the link to this verdict" />
        </p>
      </div>
    </article>
  );
}

function Facts({ identification: { mime_type, group, is_text, size, sha256 } }: { identification: Identification }) {
  return (
    <dl class="grid min-w-0 content-start gap-x-6 gap-y-3 sm:grid-cols-[7rem_1fr]">
      <dt class="eyebrow">MIME type</dt>
      <dd class="font-mono text-sm break-all">
        {mime_type} <CopyButton text={mime_type} what="the MIME type" />
      </dd>
      <dt class="eyebrow">Group</dt>
      <dd class="flex items-center gap-2.5">
        <span class="swatch" aria-hidden="true" />
        {group}, {is_text ? "text" : "binary"}
      </dd>
      <dt class="eyebrow">Size</dt>
      <dd>{bytes(size)}</dd>
      <dt class="eyebrow">SHA-256</dt>
      <dd class="font-mono text-sm break-all">
        {sha256} <CopyButton text={sha256} what="the SHA-256" />
      </dd>
    </dl>
  );
}
