/** When what stands below most windows' lower edge is begun. */
import { setTimeout as sleep } from "node:timers/promises";

export type Begin = <T>(work: () => Promise<T>) => Promise<T>;

export const atOnce: Begin = (work) => work();

/** A page wakes up, and draws what is below, later than this. */
const PAINTED_MS = 100;

/**
 * When the page above it has been sent and painted: it would hold up what the page begins with, which asks the same thread and the same
 * database. A page that is open already asks for data alone and has no first paint to wait for.
 */
export function whenPainted(request: Request): Begin {
  const isDocument = ["document", "iframe"].includes(request.headers.get("Sec-Fetch-Dest") ?? "");
  if (!isDocument) return atOnce;
  return async (work) => {
    await sleep(PAINTED_MS);
    return work();
  };
}
