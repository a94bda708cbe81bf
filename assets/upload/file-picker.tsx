import { namedFile, type Sample } from "../api/identify";

/** The native control, which every keyboard and screen reader knows, under a label drawn as a button. */
export function FilePicker({ take }: { take: (line: Sample[]) => void }) {
  const pick = ({ currentTarget: input }: { currentTarget: HTMLInputElement }) => {
    const line = Array.from(input.files ?? [], namedFile);
    // Emptied, so that picking the same file again is a change again.
    input.value = "";
    if (line.length > 0) take(line);
  };
  return (
    <label class="button button-main relative cursor-pointer has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-cobalt">
      <input class="absolute inset-0 cursor-pointer opacity-0" type="file" multiple onChange={pick} />
      Choose a file
    </label>
  );
}
