/** A share of one as a bar; decoration, since the number always stands beside it. */
export function Share({ percent }: { percent: string }) {
  return (
    <svg class="bar mt-1.5" aria-hidden="true">
      <rect width={`${percent}%`} />
    </svg>
  );
}
