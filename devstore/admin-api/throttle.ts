/** The leaky bucket of calculated points, one for each shop. */
import type { ShopState } from "../state/model.ts";

const RESTORE_RATES = { basic: 100, grow: 100, advanced: 200, plus: 1000 } as const;
const BUCKET_SECONDS = 20;

interface Bucket {
  available: number;
  at: number;
}

interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

export interface Throttle {
  /** Takes the points, or leaves all where there are not enough. */
  take: (shop: ShopState, points: number) => boolean;
  giveBack: (shop: ShopState, points: number) => void;
  status: (shop: ShopState) => ThrottleStatus;
}

/** Buckets run on the real clock: moving the world's would only fill them. */
export function createThrottle(clock: () => number = Date.now): Throttle {
  const buckets = new Map<string, Bucket>();

  function bucketOf(shop: ShopState): Bucket {
    const rate = RESTORE_RATES[shop.plan];
    const maximum = rate * BUCKET_SECONDS;
    const at = clock();
    const bucket = buckets.get(shop.domain) ?? { available: maximum, at };
    bucket.available = Math.min(maximum, bucket.available + ((at - bucket.at) / 1000) * rate);
    bucket.at = at;
    buckets.set(shop.domain, bucket);
    return bucket;
  }

  return {
    take(shop, points) {
      const bucket = bucketOf(shop);
      if (bucket.available < points) return false;
      bucket.available -= points;
      return true;
    },
    giveBack(shop, points) {
      bucketOf(shop).available += points;
    },
    status(shop) {
      const rate = RESTORE_RATES[shop.plan];
      const maximumAvailable = rate * BUCKET_SECONDS;
      const currentlyAvailable = Math.min(maximumAvailable, Math.floor(bucketOf(shop).available));
      return { maximumAvailable, currentlyAvailable, restoreRate: rate };
    },
  };
}
