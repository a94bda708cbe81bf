import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { pastedText, type Sample } from "../api/identify";

/** For text that is not in a file, and for clipboards that the page may not read by itself. */
export function PasteBox({ take }: { take: (line: Sample[]) => void }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);

  const submit = () => {
    if (text !== "") take([pastedText(text)]);
  };
  return (
    <form
      class="relative mx-auto mt-6 mb-5 grid max-w-2xl gap-3 text-left"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label class="grid gap-2 font-semibold">
        Text to identify
        <textarea
          ref={field}
          class="min-h-40 w-full resize-y rounded-lg border border-edge bg-porcelain p-3 font-mono text-sm font-normal"
          spellcheck={false}
          autocapitalize="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
          }}
        />
      </label>
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button class="button button-main" type="submit" disabled={text === ""}>
          Identify the text
        </button>
        <span class="text-sm text-ink-soft">Ctrl + Enter does it too</span>
      </div>
    </form>
  );
}
