/** What a browser tells of a page: when it paints, how it shifts and blocks, and of which kind its bytes are. */
import type { Frame, Page, Request } from "playwright-core";

export const KINDS = ["document", "script", "style", "font", "image", "data"] as const;
export type Kind = (typeof KINDS)[number];

/** What the script in the frame has seen so far. */
export interface Seen {
  fcpMs: number;
  lcpMs: number;
  lcpOf: string;
  cls: number;
  blockingMs: number;
  inpMs: number;
}

/** Runs in every frame before anything else: keeps what the browser tells of itself. */
export function watchVitals(): void {
  const seen: Seen = { fcpMs: 0, lcpMs: 0, lcpOf: "", cls: 0, blockingMs: 0, inpMs: 0 };
  Object.assign(window, { seenVitals: seen });
  const observe = (type: string, note: (entry: PerformanceEntry) => void, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
      type,
      buffered: true,
      ...more,
    });
  observe("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") seen.fcpMs = startTime;
  });
  observe("largest-contentful-paint", (entry) => {
    const { element } = entry as PerformanceEntry & { element: Element | null };
    seen.lcpMs = entry.startTime;
    seen.lcpOf = `${element?.localName ?? "what has gone"} "${element?.textContent?.trim().slice(0, 40) ?? ""}"`;
  });
  // The worst burst of shifts: no second without one, five seconds at most.
  const burst = { sum: 0, from: -Infinity, last: -Infinity };
  observe("layout-shift", (entry) => {
    const { value, hadRecentInput, startTime } = entry as PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    };
    if (hadRecentInput) return;
    if (startTime - burst.last > 1_000 || startTime - burst.from > 5_000)
      Object.assign(burst, { sum: 0, from: startTime });
    burst.sum += value;
    burst.last = startTime;
    seen.cls = Math.max(seen.cls, burst.sum);
  });
  observe("longtask", ({ duration }) => (seen.blockingMs += duration - 50));
  observe(
    "event",
    (entry) => {
      const { interactionId = 0, duration } = entry as PerformanceEntry & { interactionId?: number };
      if (interactionId > 0) seen.inpMs = Math.max(seen.inpMs, duration);
    },
    { durationThreshold: 16 },
  );
}

export const readVitals = (frame: Frame | Page): Promise<Seen> =>
  frame.evaluate(() => ({ ...(window as unknown as { seenVitals: Seen }).seenVitals }));

export function kindOf(request: Request): Kind | null {
  const type = request.resourceType();
  if (type === "stylesheet") return "style";
  if (type === "fetch" || type === "xhr") return "data";
  return KINDS.find((kind) => kind === type) ?? null;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}
