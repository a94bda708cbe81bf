// Everything that can go wrong between the page and the server, in words for the person who waits.

export class Failure extends Error {
  constructor(
    readonly title: string,
    readonly detail: string,
  ) {
    super(title);
  }
}

export const unreachable = () =>
  new Failure("The server does not answer", "It may be restarting, or the network is away. Try again in a moment.");

export const cutOff = () =>
  new Failure(
    "The server hung up",
    "It closed the connection before the whole file was through, which mostly means that the file is over its limit.",
  );

export const aFolder = () =>
  new Failure("That is a folder", "Drop the files that are in it instead; several at once are fine.");

/** Reads a problem document (RFC 9457); a proxy in between may have answered with something else. */
export function failureFrom(status: number, body: string): Failure {
  const problem = parsed(body);
  const title = text(problem, "title") ?? (status === 413 ? "That is too large" : "The server refused");
  const detail = text(problem, "detail") ?? `It answered with status ${status} and no reason.`;
  return new Failure(title, detail);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function text(problem: unknown, member: string): string | null {
  if (typeof problem !== "object" || problem === null || !(member in problem)) return null;
  const value = (problem as Record<string, unknown>)[member];
  return typeof value === "string" && value !== "" ? value : null;
}
