import { useState } from "preact/hooks";

type Copied = "not-yet" | "copied" | "refused";

interface Props {
  text: string;
  /** Names the text, for those who do not see what the button stands beside. */
  what: string;
}

/** Puts a text on the clipboard, and says so to eye and ear. */
export function CopyButton({ text, what }: Props) {
  const [copied, setCopied] = useState<Copied>("not-yet");
  // A clipboard exists in secure contexts only, and plain http on another host is none.
  if (navigator.clipboard === undefined) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied("copied"),
      () => setCopied("refused"),
    );
  return (
    <>
      <button class="link -my-1 ml-1 py-1 font-sans text-sm" type="button" onClick={copy} onBlur={() => setCopied("not-yet")}>
        {WORDS[copied]}
        <span class="sr-only"> {what}</span>
      </button>
      <span class="sr-only" role="status">
        {copied === "not-yet" ? "" : `${WORDS[copied]}: ${what}`}
      </span>
    </>
  );
}

const WORDS: Record<Copied, string> = { "not-yet": "Copy", copied: "Copied", refused: "Not allowed" };
