/** The painted corners of a tile. While something hovers above it they lean towards the middle. */
export function Ornaments({ lean }: { lean: "out" | "in" }) {
  return CORNERS.map(({ place, inwards }) => (
    <span key={place} aria-hidden="true" class={`ornament ${place} ${lean === "in" ? `scale-110 ${inwards}` : ""}`} />
  ));
}

const CORNERS = [
  { place: "top-2.5 left-2.5", inwards: "translate-3" },
  { place: "top-2.5 right-2.5 rotate-90", inwards: "-translate-x-3 translate-y-3" },
  { place: "right-2.5 bottom-2.5 rotate-180", inwards: "-translate-3" },
  { place: "bottom-2.5 left-2.5 -rotate-90", inwards: "translate-x-3 -translate-y-3" },
];
