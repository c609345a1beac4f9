/** Starts the benchmark's programs, each a process of its own, and waits for the line of JSON by which each says that it is ready. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setPriority } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { PRODUCTION_FLAGS } from "../../scripts/production-flags.ts";
import type { EventLoopDelay } from "./messages.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const EVENT_LOOP = pathToFileURL(path.join(import.meta.dirname, "event-loop.ts")).href;

export interface Program<Line> {
  line: Line;
  child: ChildProcess;
  stop: () => Promise<void>;
}

export async function startProgram<Line>(
  program: string,
  env: Record<string, string>,
  { nodeFlags = [], niceness = 0 }: { nodeFlags?: readonly string[]; niceness?: number } = {},
): Promise<Program<Line>> {
  const child = spawn(process.execPath, [...nodeFlags, path.join(ROOT, program)], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);
  const ended = once(child, "exit");
  const { stdout } = child;
  if (!stdout) throw new Error(`${program} has no output`);
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).on("line", (line) => {
      if (line.startsWith('{"ready":')) resolve(line);
    });
  });
  const failed = ended.then(([code]) => {
    throw new Error(`${program} ended with ${String(code)}`);
  });
  const line = JSON.parse(await Promise.race([ready, failed])) as Line;
  // Afterwards it may end as it likes.
  failed.catch(() => undefined);
  return {
    line,
    child,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export interface Server {
  address: string;
  /** Of its event loop, since `forgetDelay`. */
  delay(): Promise<EventLoopDelay>;
  forgetDelay(): void;
  /** The most that the process had in memory so far, in MiB. Linux tells. */
  peakMemory(): number;
  stop: () => Promise<void>;
}

/** The built app as `npm start` runs it, with a watch on its event loop. */
export async function startServer(env: Record<string, string>): Promise<Server> {
  const { line, child, stop } = await startProgram<{ address: string }>("server.ts", env, {
    nodeFlags: [...PRODUCTION_FLAGS, "--import", EVENT_LOOP],
  });
  return {
    address: line.address,
    forgetDelay: () => void child.send("reset"),
    peakMemory() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1_024;
    },
    async delay() {
      const answer = once(child, "message");
      child.send("read");
      return ((await answer) as [EventLoopDelay])[0];
    },
    stop,
  };
}
