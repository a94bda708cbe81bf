// The page below its headline: the upload, where one thing is identified, and the history of all that
// have been. A new verdict goes from the one to the other.

import { useCallback, useState } from "preact/hooks";
import type { Identification } from "../api/identification";
import { Upload } from "../upload/upload";
import { History } from "../history/history";

export function App() {
  const [newest, setNewest] = useState<Identification | null>(null);
  return (
    <>
      <Upload onIdentified={useCallback(setNewest, [])} />
      <History newest={newest} />
    </>
  );
}
