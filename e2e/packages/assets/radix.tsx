import * as Dialog from "@radix-ui/react-dialog";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { done } from "./done";

function Content() {
  useEffect(() => done(getComputedStyle(document.body).overflow), []);
  return <Dialog.Title>An open dialog locks the page behind it</Dialog.Title>;
}

createRoot(document.querySelector("main")!).render(
  <Dialog.Root open>
    <Dialog.Portal>
      <Dialog.Overlay />
      <Dialog.Content aria-describedby={undefined}>
        <Content />
      </Dialog.Content>
    </Dialog.Portal>
  </Dialog.Root>,
);
