import type { Identification } from "../api/identification";
import { CopyButton } from "../app/copy-button";
import { bytes } from "../format/bytes";

export function Facts({ identification }: { identification: Identification }) {
  const { id, mime_type, group, is_text, size, sha256 } = identification;
  const page = `/f/${id}`;
  return (
    <dl class="grid min-w-0 content-start gap-x-6 gap-y-1 sm:grid-cols-[7rem_1fr] sm:gap-y-3">
      <dt class="eyebrow">MIME type</dt>
      <dd class="font-mono text-sm break-all max-sm:mb-3">
        {mime_type} <CopyButton text={mime_type} what="MIME type" />
      </dd>
      <dt class="eyebrow">Group</dt>
      <dd class="flex items-center gap-2.5 max-sm:mb-3">
        <span class="swatch" aria-hidden="true" />
        {group}
      </dd>
      <dt class="eyebrow">Size</dt>
      <dd class="max-sm:mb-3">{bytes(size)} of {is_text ? "text" : "binary"}</dd>
      <dt class="eyebrow">SHA-256</dt>
      <dd class="font-mono text-sm break-all max-sm:mb-3">
        {sha256} <CopyButton text={sha256} what="SHA-256" />
      </dd>
      <dt class="eyebrow">Kept at</dt>
      <dd>
        <a class="link" href={page}>
          its own page
        </a>{" "}
        <CopyButton text={new URL(page, location.href).href} what="link to its page" />
      </dd>
    </dl>
  );
}
