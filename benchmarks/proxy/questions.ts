/** Questions at a steady rate, and as fast as they are answered. */
import { setTimeout as sleep } from "node:timers/promises";

/** Asks one question and answers how long that took, in milliseconds; anything but what should come of it is an error. */
export type Ask<Kind extends string> = (kind: Kind) => Promise<number>;

const AT_ONCE = 8;

/** Arrivals of every kind, evenly and by turns, whether or not the last is answered. */
export async function steadily<Kind extends string>(
  kinds: readonly Kind[],
  ask: Ask<Kind>,
  perSecond: number,
  seconds: number,
): Promise<Map<Kind, number[]>> {
  const times = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
  const asked: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < perSecond * seconds * kinds.length; index++) {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) break;
    const due = startedAt + (index * 1000) / (perSecond * kinds.length);
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    asked.push(ask(kind).then((took) => void times.get(kind)?.push(took)));
  }
  await Promise.all(asked);
  return times;
}

export async function perSecond<Kind extends string>(
  ask: Ask<Kind>,
  kind: Kind,
  count: number,
): Promise<number> {
  let left = count;
  const startedAt = performance.now();
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await ask(kind);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return (count * 1000) / (performance.now() - startedAt);
}

export function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
}
