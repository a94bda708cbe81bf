/** What a thing is called where its name is wanted; pasted text and bare bytes have none. */
export const sampleName = (name: string | null): string => name ?? "Something unnamed";
