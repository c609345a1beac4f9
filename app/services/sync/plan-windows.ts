/** Cuts a resource's history into windows of creation time, each small enough to be assembled in memory and done again. */

export interface Span {
  fromAt: number;
  /** First millisecond after the span. */
  toAt: number;
  count: number;
}

/** Shopify's search knows whole seconds: no cut can be finer. */
const FINEST_MS = 1_000;

/**
 * Halves `whole` until no span holds more than `target`, then joins neighbours that fit together. Only the earlier half
 * is asked for; the later one is the difference, because a count is a request. A second that alone holds more than `target`
 * stays one span.
 */
export async function planWindows(
  whole: Span,
  target: number,
  countIn: (fromAt: number, toAt: number) => Promise<number>,
): Promise<Span[]> {
  const spans: Span[] = [];
  const open = [whole];
  for (let span = open.pop(); span; span = open.pop()) {
    const middle = middleOf(span);
    if (span.count <= target || middle <= span.fromAt) {
      spans.push(span);
      continue;
    }
    const earlier = Math.min(span.count, await countIn(span.fromAt, middle));
    open.push({ fromAt: middle, toAt: span.toAt, count: span.count - earlier });
    open.push({ fromAt: span.fromAt, toAt: middle, count: earlier });
  }
  return joinNeighbours(spans, target);
}

/** A failed window's two halves; the window itself where it cannot be cut. */
export function halveWindow(span: Span): Span[] {
  const middle = middleOf(span);
  if (middle <= span.fromAt) return [span];
  const half = Math.floor(span.count / 2);
  return [
    { fromAt: span.fromAt, toAt: middle, count: span.count - half },
    { fromAt: middle, toAt: span.toAt, count: half },
  ];
}

function middleOf({ fromAt, toAt }: Span): number {
  return Math.floor((fromAt + toAt) / 2 / FINEST_MS) * FINEST_MS;
}

/** Spans arrive in order of time, because the earlier half is always opened first. */
function joinNeighbours(spans: readonly Span[], target: number): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && last.count + span.count <= target) {
      joined[joined.length - 1] = { fromAt: last.fromAt, toAt: span.toAt, count: last.count + span.count };
    } else {
      joined.push(span);
    }
  }
  return joined;
}
