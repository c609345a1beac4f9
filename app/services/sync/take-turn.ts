/**
 * Lets one bulk result at a time be assembled in a process, because a window in memory is what bounds it. One more may wait, so
 * that the next begins at once; all others come back later and leave the worker to other jobs.
 */
let holder: Promise<void> | null = null;
let isAwaited = false;

export interface Turn {
  end(): void;
}

/** `null`: come back later. */
export async function takeTurn(): Promise<Turn | null> {
  while (holder) {
    if (isAwaited) return null;
    isAwaited = true;
    await holder;
    isAwaited = false;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  holder = promise;
  return {
    end() {
      holder = null;
      resolve();
    },
  };
}
