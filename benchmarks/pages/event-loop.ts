/**
 * Loaded into the server before its own code: tells whoever started it how late its event loop was, and how long of that it only waited
 * for a core that others had; forgets on request.
 */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { EventLoopDelay } from "./messages.ts";

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

let since = { at: performance.now(), waitedMs: waitedMs() };

/** Of the main thread, since it began. Linux tells. */
function waitedMs(): number {
  const [, waitedNs] = readFileSync("/proc/self/schedstat", "utf8").split(" ");
  return Number(waitedNs) / 1e6;
}

process.on("message", (message) => {
  if (message === "reset") {
    delay.reset();
    since = { at: performance.now(), waitedMs: waitedMs() };
  }
  if (message !== "read") return;
  const answer: EventLoopDelay = {
    p99: delay.percentile(99) / 1e6,
    max: delay.max / 1e6,
    waitingShare: (waitedMs() - since.waitedMs) / (performance.now() - since.at),
  };
  process.send?.(answer);
});
// The channel alone must not keep a server alive that has stopped.
process.channel?.unref();
