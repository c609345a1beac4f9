/**
 * What a promise of the loader brought, once the page is awake. Names come this way and not through a boundary each, because a table
 * measures itself as it wakes up, and boundaries that are changed before their content is there are thrown away and drawn anew.
 */
import { startTransition, useEffect, useState } from "react";

export interface Told<T> {
  /** `undefined`: nothing yet; `null`: it failed. The last answer stays until the next one is there. */
  value: T | null | undefined;
  /** The answer is the one to this page's question. */
  isCurrent: boolean;
}

export function useTold<T>(promise: Promise<T>): Told<T> {
  const [told, setTold] = useState<{ of: Promise<T>; value: T | null } | null>(null);
  useEffect(() => {
    let isShown = true;
    const tell = (value: T | null) => {
      if (isShown) startTransition(() => setTold({ of: promise, value }));
    };
    promise.then(tell, () => tell(null));
    return () => {
      isShown = false;
    };
  }, [promise]);
  return { value: told?.value, isCurrent: told?.of === promise };
}
