// What a drop or a paste carries, read as samples.

import { namedFile, pastedText, type Sample } from "../api/identify";

/** True for files and for text; a link of this very page, dragged by accident, is neither. */
export const holdsSample = ({ types }: DataTransfer): boolean =>
  types.includes("Files") || (types.includes("text/plain") && !types.includes("text/uri-list"));

export const holdsFolder = ({ items }: DataTransfer): boolean => Array.from(items).some(isFolder);

/** Files where there are any, otherwise the text. */
export function samplesIn(transfer: DataTransfer): Sample[] {
  const files = Array.from(transfer.items).flatMap((item) => {
    const file = item.kind === "file" && !isFolder(item) ? item.getAsFile() : null;
    return file === null ? [] : [namedFile(file)];
  });
  if (files.length > 0) return files;
  const text = transfer.getData("text/plain");
  return text === "" ? [] : [pastedText(text)];
}

const isFolder = (item: DataTransferItem) => item.kind === "file" && item.webkitGetAsEntry()?.isDirectory === true;
