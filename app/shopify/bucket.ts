/**
 * One shop's points at Shopify as this process knows them: requests wait here before Shopify would throttle them, pages
 * before background work, and background work leaves a fifth of the bucket to pages.
 */

export type Priority = "interactive" | "background";

interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

/** Part of the bucket that background work does not touch. */
const KEPT_FOR_PAGES = 0.2;

/** Until the first answer: the smallest plan's bucket. */
const SMALLEST_PLAN: ThrottleStatus = { maximumAvailable: 2000, currentlyAvailable: 2000, restoreRate: 100 };

interface Waiter {
  cost: number;
  priority: Priority;
  start: () => void;
}

export interface Bucket {
  /** Waits for its turn and for enough points, and takes them. Resolves to the milliseconds waited. */
  take(cost: number, priority: Priority, signal?: AbortSignal): Promise<number>;
  /** Gives back what `take` reserved and learns what Shopify says is left, where an answer said so. */
  settle(reserved: number, told: ThrottleStatus | null): void;
  /** Shopify said THROTTLED: nothing starts before this many milliseconds. */
  pause(ms: number): void;
  /** Requests that hold points or wait for them. */
  busy(): number;
  restoreRate(): number;
}

export function createBucket(now: () => number = Date.now): Bucket {
  let { maximumAvailable, currentlyAvailable: available, restoreRate } = SMALLEST_PLAN;
  let measuredAt = now();
  let reserved = 0;
  let flying = 0;
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  const waiting: Record<Priority, Waiter[]> = { interactive: [], background: [] };

  function refill() {
    const time = now();
    available = Math.min(maximumAvailable, available + ((time - measuredAt) / 1000) * restoreRate);
    measuredAt = time;
  }

  /** Milliseconds until the request fits; 0 is now. One that is larger than its share waits for all of it. */
  function waitFor(cost: number, priority: Priority): number {
    const kept = priority === "background" ? maximumAvailable * KEPT_FOR_PAGES : 0;
    const needed = Math.min(cost, maximumAvailable - kept) + kept;
    const free = available - reserved;
    const restoring = free >= needed ? 0 : ((needed - free) / restoreRate) * 1000;
    return Math.max(restoring, pausedUntil - now());
  }

  /** Starts whoever is first as long as there are points: pages in their order, then background work in its order. */
  function startWaiting() {
    clearTimeout(timer);
    timer = undefined;
    refill();
    for (;;) {
      const queue = waiting.interactive.length > 0 ? waiting.interactive : waiting.background;
      const first = queue[0];
      if (!first) return;
      const ms = waitFor(first.cost, first.priority);
      if (ms > 0) {
        // While nothing is in flight only time brings points; otherwise an answer may come first and start it sooner.
        timer = setTimeout(startWaiting, Math.ceil(ms));
        return;
      }
      queue.shift();
      reserved += first.cost;
      flying += 1;
      first.start();
    }
  }

  function take(cost: number, priority: Priority, signal?: AbortSignal): Promise<number> {
    const from = now();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(abortReason(signal));
      const waiter: Waiter = {
        cost,
        priority,
        start: () => {
          signal?.removeEventListener("abort", giveUp);
          resolve(now() - from);
        },
      };
      const giveUp = () => {
        const queue = waiting[priority];
        const at = queue.indexOf(waiter);
        if (at === -1 || !signal) return;
        queue.splice(at, 1);
        reject(abortReason(signal));
        startWaiting();
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      waiting[priority].push(waiter);
      startWaiting();
    });
  }

  function settle(cost: number, told: ThrottleStatus | null) {
    refill();
    reserved -= cost;
    flying -= 1;
    if (told) {
      maximumAvailable = told.maximumAvailable;
      restoreRate = told.restoreRate;
      available = told.currentlyAvailable;
    } else {
      available = Math.max(0, available - cost);
    }
    startWaiting();
  }

  function pause(ms: number) {
    pausedUntil = Math.max(pausedUntil, now() + ms);
  }

  return {
    take,
    settle,
    pause,
    busy: () => flying + waiting.interactive.length + waiting.background.length,
    restoreRate: () => restoreRate,
  };
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("aborted");
}

const buckets = new Map<string, Bucket>();

/** The bucket that all clients of a shop share in this process. Idle ones are forgotten when many shops have passed. */
export function bucketOf(shopDomain: string): Bucket {
  let bucket = buckets.get(shopDomain);
  if (!bucket) {
    if (buckets.size >= 1000) {
      for (const [domain, other] of buckets) if (other.busy() === 0) buckets.delete(domain);
    }
    bucket = createBucket();
    buckets.set(shopDomain, bucket);
  }
  return bucket;
}
