/** Processes that a test kills: at a passing of a named failpoint, or after a while. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = path.resolve(import.meta.dirname, "../..");

export type Death = { failpoint: string; passing: number } | { afterMs: number };

/** All failpoints of the source that a pattern fits, so that a new one is tried without being listed. */
export function failpointsOf(pattern: RegExp): string[] {
  const names = globSync("app/**/*.ts", { cwd: ROOT }).flatMap((file) =>
    [...readFileSync(path.join(ROOT, file), "utf8").matchAll(/failpoint\("([^"]+)"\)/g)].map(
      ([, name = ""]) => name,
    ),
  );
  return [...new Set(names)].filter((name) => pattern.test(name)).sort();
}

/** `file` is one of this folder: it says `ready` when its work begins and `done` when nothing is left. */
export async function live(
  file: string,
  args: readonly string[],
  dying?: Death,
): Promise<{ finished: boolean }> {
  const target = dying && "failpoint" in dying ? `${dying.failpoint}@${dying.passing}` : "";
  const child: ChildProcess = spawn(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    env: { ...process.env, FAILPOINT: target },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let finished = false;
  if (!child.stdout) throw new Error("the child says what it does");
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === "done") finished = true;
    if (line === "ready" && dying && "afterMs" in dying)
      void sleep(dying.afterMs).then(() => child.kill("SIGKILL"));
  });
  await once(child, "exit");
  return { finished };
}
