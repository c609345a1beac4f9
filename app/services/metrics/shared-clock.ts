/** Milliseconds by the one clock that never jumps and is the same in all threads. */
export function sharedClock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
