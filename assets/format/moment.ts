const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "long" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `3 minutes ago`, `yesterday`; less than a minute is `just now`, also for a clock that runs behind. */
export function ago(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return relative.format(-Math.floor(seconds / length), unit);
  }
  return "just now";
}

/** The date and the minute as the reader's own locale writes them. */
export const inFull = (at: string): string => absolute.format(new Date(at));
