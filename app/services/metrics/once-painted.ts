/** What stands below most windows' lower edge begins when the page above it has been sent and painted. */
import { setTimeout as sleep } from "node:timers/promises";

/** A page wakes up, and draws what is below, later than this. */
const PAINTED_MS = 100;

/** Else it would hold up what the page begins with, which asks the same thread and the same database. */
export async function oncePainted<T>(work: () => Promise<T>): Promise<T> {
  await sleep(PAINTED_MS);
  return work();
}
