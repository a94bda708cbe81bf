// The page below its headline: the bench, where one thing is identified, and the shelf of all that
// have been. A new verdict goes from the one to the other.

import { useCallback, useState } from "preact/hooks";
import type { Identification } from "../api/identification";
import { Bench } from "../bench/bench";
import { Shelf } from "../shelf/shelf";

export function App() {
  const [newest, setNewest] = useState<Identification | null>(null);
  return (
    <>
      <Bench onIdentified={useCallback(setNewest, [])} />
      <Shelf newest={newest} />
    </>
  );
}
