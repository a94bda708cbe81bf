/** `0.9991` → `99.9`. */
export const percent = (score: number): string => (score * 100).toFixed(1);

/** How sure the model is, in a word that a person would use. */
export function certainty(score: number): string {
  if (score >= 0.95) return "almost certainly";
  if (score >= 0.75) return "most likely";
  if (score >= 0.5) return "probably";
  return "at a guess";
}
