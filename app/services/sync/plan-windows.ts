/** Cuts a resource's history into windows of creation time, each small enough to be assembled in memory and done again. */

export interface Span {
  fromAt: number;
  /** First millisecond after the span. */
  toAt: number;
  count: number;
}

/** Shopify's search knows whole seconds: no cut can be finer. */
const FINEST_MS = 1_000;

/** Parts that a span is cut into at once, so that a burst of orders in it is found with few questions. */
const PARTS_AT_ONCE = 64;
/** How full a part is to be where records come evenly: a full one would often be a little too full. */
const FILLING = 0.85;

/**
 * Cuts `whole` into equal times, as many as would hold `target` each if records came evenly, and cuts again what holds more; then
 * joins neighbours that fit together. The last part of a span is the difference of the others, because a count is a request.
 * A second that alone holds more than `target` stays one span.
 */
export async function planWindows(
  whole: Span,
  target: number,
  countIn: (fromAt: number, toAt: number) => Promise<number>,
): Promise<Span[]> {
  const spans: Span[] = [];
  const open = [whole];
  for (let span = open.pop(); span; span = open.pop()) {
    const cuts = span.count > target ? cutsOf(span, target) : [];
    if (cuts.length === 0) {
      spans.push(span);
      continue;
    }
    const parts: Span[] = [];
    let { fromAt, count: left } = span;
    for (const toAt of cuts) {
      const count = Math.min(left, await countIn(fromAt, toAt));
      parts.push({ fromAt, toAt, count });
      fromAt = toAt;
      left -= count;
    }
    parts.push({ fromAt, toAt: span.toAt, count: left });
    // The earliest comes off the end first.
    open.push(...parts.reverse());
  }
  return joinNeighbours(spans, target);
}

/** Whole seconds within the span, evenly apart. */
function cutsOf({ fromAt, toAt, count }: Span, target: number): number[] {
  const wanted = Math.ceil(count / (target * FILLING));
  const parts = Math.min(PARTS_AT_ONCE, Math.max(2, wanted), Math.floor((toAt - fromAt) / FINEST_MS));
  const cuts = Array.from({ length: Math.max(0, parts - 1) }, (_, index) => {
    const at = fromAt + ((toAt - fromAt) * (index + 1)) / parts;
    return Math.floor(at / FINEST_MS) * FINEST_MS;
  });
  return [...new Set(cuts)].filter((at) => at > fromAt);
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

/** Spans arrive in order of time, because the earliest part is always opened first. */
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
