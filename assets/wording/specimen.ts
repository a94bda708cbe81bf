/** What a thing is called where its name is wanted; pasted text has none. */
export const specimenName = (name: string | null): string => name ?? "Pasted text";
