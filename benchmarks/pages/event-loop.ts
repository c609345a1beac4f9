/** Loaded into the server before its own code: tells whoever started it how late its event loop was, and forgets on request. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { EventLoopDelay } from "./messages.ts";

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

process.on("message", (message) => {
  if (message === "reset") delay.reset();
  if (message !== "read") return;
  const answer: EventLoopDelay = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
  process.send?.(answer);
});
// The channel alone must not keep a server alive that has stopped.
process.channel?.unref();
