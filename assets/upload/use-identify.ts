// State of the upload: samples wait in line and are identified one after another.

import { useCallback, useRef, useState } from "preact/hooks";
import { Failure } from "../api/failure";
import type { Identification } from "../api/identification";
import { identify, type Sample } from "../api/identify";

export type UploadState =
  | { at: "idle" }
  | { at: "sending"; sample: Sample; fraction: number; waiting: number }
  | { at: "identified"; identification: Identification }
  | { at: "failed"; line: Sample[]; failure: Failure };

export interface Identify {
  state: UploadState;
  start: (line: Sample[]) => void;
  /** Shows why nothing can be started. */
  refuse: (failure: Failure) => void;
  cancel: () => void;
}

/** A failure stops the line; what was left of it stays in the state, so that it can be tried again. */
export function useIdentify(onIdentified: (identification: Identification) => void): Identify {
  const [state, setState] = useState<UploadState>({ at: "idle" });
  const running = useRef<AbortController | null>(null);

  const start = useCallback(
    async (line: Sample[]) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      for (const [index, sample] of line.entries()) {
        const waiting = line.length - index - 1;
        const progress = (fraction: number) => {
          if (!controller.signal.aborted) setState({ at: "sending", sample, fraction, waiting });
        };
        progress(0);
        try {
          const identification = await identify(sample, progress, controller.signal);
          if (controller.signal.aborted) return;
          onIdentified(identification);
          if (waiting === 0) setState({ at: "identified", identification });
        } catch (error) {
          if (!controller.signal.aborted) setState({ at: "failed", line: line.slice(index), failure: asFailure(error) });
          return;
        }
      }
    },
    [onIdentified],
  );

  const cancel = useCallback(() => {
    running.current?.abort();
    setState({ at: "idle" });
  }, []);

  const refuse = useCallback((failure: Failure) => {
    running.current?.abort();
    setState({ at: "failed", line: [], failure });
  }, []);

  return { state, start, refuse, cancel };
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("The answer made no sense", String(error));
}
