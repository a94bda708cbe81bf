const words = ["fired", "glazed", "embedded", "compressed", "served", "cached", "revalidated", "drained", "closed"];

export function greet(who: string): string {
    return `${who}, from a page that Vite has ${words.join(", ")}`;
}
