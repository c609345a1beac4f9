import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { createLogSync, shareRuns } from "./log-sync.ts";

it("begins a run after each asking, one at a time, and shares it with all who ask until then", async () => {
  const runs: PromiseWithResolvers<void>[] = [];
  const { ask, end } = shareRuns(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  const done: string[] = [];
  const asked = (name: string) => ask().then(() => void done.push(name));
  const first = asked("first");
  const during = [asked("second"), asked("third")];
  expect(runs).toHaveLength(1);
  runs[0]?.resolve();
  await first;
  await Promise.resolve();
  expect(done).toEqual(["first"]);
  expect(runs).toHaveLength(2);
  const late = asked("fourth");
  runs[1]?.resolve();
  await Promise.all(during);
  expect(done).toEqual(["first", "second", "third"]);
  runs[2]?.resolve();
  await late;
  expect(runs).toHaveLength(3);
  await end();
});

it("tells those who asked that it failed, and nobody after them", async () => {
  let runs = 0;
  const { ask } = shareRuns(async () => {
    runs += 1;
    await Promise.resolve();
    if (runs === 1) throw new Error("no disk");
  });
  const asked = ask();
  const next = ask().then(() => "done");
  await expect(asked).rejects.toThrow("no disk");
  expect(await next).toBe("done");
  expect(await ask()).toBeUndefined();
});

it("fails where there is no log", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "log-sync-"));
  try {
    const file = path.join(folder, "a.db");
    await expect(createLogSync(file).synced()).rejects.toThrow("ENOENT");
    await writeFile(`${file}-wal`, "");
    const log = createLogSync(file);
    await log.synced();
    await log.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
