/** The painted corners of a tile. While something hovers above it they lean towards the middle. */
export function Ornaments({ leaning }: { leaning: boolean }) {
  const lean = (towards: string) => (leaning ? `scale-110 ${towards}` : "");
  return (
    <>
      <span aria-hidden="true" class={`ornament top-2.5 left-2.5 ${lean("translate-3")}`} />
      <span aria-hidden="true" class={`ornament top-2.5 right-2.5 rotate-90 ${lean("-translate-x-3 translate-y-3")}`} />
      <span aria-hidden="true" class={`ornament right-2.5 bottom-2.5 rotate-180 ${lean("-translate-3")}`} />
      <span aria-hidden="true" class={`ornament bottom-2.5 left-2.5 -rotate-90 ${lean("translate-x-3 -translate-y-3")}`} />
    </>
  );
}
