/**
 * Lets one bulk result at a time be assembled in a process, and one that was assembled before it be written meanwhile, because
 * windows in memory are what bounds it. One more may wait, so that the next begins at once; all others come back later and leave
 * the worker to other jobs.
 */
export interface Turn {
  /** Waits until nothing else is being written, then lets the next result be assembled. */
  toWriting(): Promise<void>;
  end(): void;
}

/** Held by one at a time; the others wait in the order in which they came. */
function gate() {
  let last = Promise.resolve();
  let inside = 0;
  return {
    count: () => inside,
    async enter(): Promise<() => void> {
      inside += 1;
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await before;
      return () => {
        inside -= 1;
        resolve();
      };
    },
  };
}

const assembling = gate();
const writing = gate();

/** `takeTurn` would answer `null` now: nobody need ask Shopify first what there is to assemble. */
export function hasNoTurn(): boolean {
  return assembling.count() > 1;
}

/** `null`: come back later. */
export async function takeTurn(): Promise<Turn | null> {
  if (hasNoTurn()) return null;
  let leave = await assembling.enter();
  return {
    async toWriting() {
      const leaveWriting = await writing.enter();
      leave();
      leave = leaveWriting;
    },
    end: () => leave(),
  };
}
