/** Shows the outcome of a page to the test. */
export function done(outcome: string): void {
  document.body.dataset["outcome"] = outcome;
}
