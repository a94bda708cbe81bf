/** What a thing is called where its name is wanted; pasted text and bare bytes have none. */
export const specimenName = (name: string | null): string => name ?? "Something unnamed";
