import { useState } from "preact/hooks";

type Copied = "not-yet" | "copied" | "refused";

/** Puts `text` on the clipboard and says so; `what` names it for those who cannot see it. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState<Copied>("not-yet");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied("copied"),
      () => setCopied("refused"),
    );
  // A clipboard exists in secure contexts only, and plain http on another host is none.
  if (navigator.clipboard === undefined) return null;
  return (
    <button class="link -my-1 py-1 font-sans text-sm" type="button" aria-label={`Copy ${what}`} onClick={copy} onBlur={() => setCopied("not-yet")}>
      <span aria-live="polite">{WORDS[copied]}</span>
    </button>
  );
}

const WORDS: Record<Copied, string> = { "not-yet": "Copy", copied: "Copied", refused: "Not allowed" };
