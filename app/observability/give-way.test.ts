import { EventEmitter, once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { countAnswers, isAnswering } from "./give-way.ts";

/** Told "go" it gives way, and then tells what it sees. */
const THREAD = `
  const { parentPort, workerData } = require("node:worker_threads");
  import(workerData).then(({ giveWay, isAnswering }) => {
    parentPort.on("message", () => {
      parentPort.postMessage("asks");
      giveWay();
      parentPort.postMessage({ answering: isAnswering() });
    });
    parentPort.postMessage("ready");
  });
`;

const threads: Worker[] = [];
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.terminate())));

async function startThread(): Promise<Worker> {
  const thread = new Worker(THREAD, {
    eval: true,
    workerData: new URL("./give-way.ts", import.meta.url).href,
  });
  threads.push(thread);
  await once(thread, "message");
  return thread;
}

type Handler = ReturnType<typeof countAnswers>;

/** A request that is being answered until what is returned is called. */
function begin(handler: Handler, path: string): () => void {
  const response = new EventEmitter();
  void handler({ path } as never, response as never, () => undefined);
  return () => void response.emit("close");
}

async function giveWayIn(thread: Worker, onAsks: () => void = () => undefined) {
  thread.postMessage("go");
  await once(thread, "message");
  onAsks();
  const [seen] = (await once(thread, "message")) as [{ answering: boolean }];
  return seen;
}

const shared = () => new Int32Array(new SharedArrayBuffer(4));

describe("a background thread gives way", () => {
  test("until an answer is given", async () => {
    const handler = countAnswers(null);
    const thread = await startThread();
    const seen: boolean[] = [];
    // A machine that is busy may end the answer after the longest pause, but not each time.
    for (let time = 0; time < 50 && !seen.includes(false); time++)
      seen.push((await giveWayIn(thread, begin(handler, "/app"))).answering);
    expect(seen).toContain(false);
  });

  test("not for ever", async () => {
    const handler = countAnswers(null);
    const thread = await startThread();
    begin(handler, "/app");
    expect(await giveWayIn(thread)).toEqual({ answering: true });
  });

  test("neither to webhooks nor to who waits for the lock that it may hold itself", async () => {
    const lockWaiting = shared();
    const handler = countAnswers(lockWaiting);
    const thread = await startThread();
    begin(handler, "/webhooks/orders-create");
    expect(await giveWayIn(thread)).toEqual({ answering: false });
    begin(handler, "/app");
    expect(await giveWayIn(thread)).toEqual({ answering: true });
    lockWaiting[0] = 1;
    expect(await giveWayIn(thread)).toEqual({ answering: false });
  });

  test("and the thread that answers never does", () => {
    begin(countAnswers(null), "/app");
    expect(isAnswering()).toBe(false);
  });
});
