/** What becomes of a job that comes while its worker stops. */
import { expect, test, vi } from "vitest";
import type { Database } from "../db/types.ts";
import type { ClaimedJob } from "./queue.ts";
import { createJobRunner, type RunHandler } from "./run-job.server.ts";

const JOB: ClaimedJob = {
  id: "1",
  shopId: 1,
  kind: "sync-orders",
  payload: { orderIds: [1] },
  attempt: 1,
  maxAttempts: 3,
};

test("a job that was claimed as the stop began is given back without being run", async () => {
  const handle = vi.fn<RunHandler>(() => new Promise(() => undefined));
  const runner = createJobRunner({} as Database, handle, { finishMs: 1, releaseMs: 1, maxRunMs: 60_000 });
  const running = runner.run(JOB);
  const drained = runner.drain();
  expect(await runner.run({ ...JOB, id: "2" })).toEqual({ is: "released" });
  await drained;
  expect(await running).toEqual({ is: "released" });
  expect(handle).toHaveBeenCalledOnce();
});
