/** Lets a thread that only works in the background give way to the one that answers pages, where a machine has too few cores for both. */
import { setPriority } from "node:os";

/** With all cores busy the thread gets about a tenth of what one that answers pages gets; otherwise it is as fast as ever. */
const NICENESS = 10;

/** Of the calling thread and of those that it starts from now on. Linux alone tells the threads of a process apart. */
export function lowerPriority(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(NICENESS);
  } catch {
    // A sandbox may forbid it: everything works as before, only pages do not come first.
  }
}
