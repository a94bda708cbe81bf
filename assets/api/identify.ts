// The one write: a sample goes up, its identification comes back.

import { cutOff, type Failure, failureFrom, unreachable } from "./failure";
import type { Identification } from "./identification";
import { stats } from "./read";

/** A file, or pasted text, which has no name. */
export interface Sample {
  name: string | null;
  body: Blob;
}

export const pastedText = (text: string): Sample => ({ name: null, body: new Blob([text], { type: "text/plain" }) });

export const namedFile = (file: File): Sample => ({ name: file.name === "" ? null : file.name, body: file });

/**
 * Uploads by `XMLHttpRequest`, because `fetch` does not report how much has been sent.
 * Rejects with a `Failure`, or with the signal's reason when it is aborted.
 */
export function identify(
  sample: Sample,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Identification> {
  const answer = new Promise<string>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort, { once: true });

    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status === 200) resolve(request.responseText);
      else reject(failureFrom(request.status, request.responseText));
    };
    request.onerror = () => void lostConnection().then(reject);
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", abort);

    request.open("POST", url(sample));
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(sample.body);
  });
  return answer.then((body) => JSON.parse(body) as Identification);
}

function url({ name }: Sample): string {
  return name === null ? "/api/identify" : `/api/identify?${new URLSearchParams({ name })}`;
}

/** A server that still answers has hung up on this file; one that does not is gone. */
function lostConnection(): Promise<Failure> {
  return stats().then(cutOff, unreachable);
}
