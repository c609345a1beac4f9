/** Whose turn it is at a shop's bucket: real timers, an own clock for the points. */
import { expect, test } from "vitest";
import { createBucket, type Bucket, type Priority } from "./bucket.ts";

/** A bucket whose size and rate Shopify has told. */
async function told(
  currentlyAvailable: number,
  restoreRate: number,
  maximumAvailable = 1000,
): Promise<Bucket> {
  const bucket = createBucket();
  await bucket.take(1, "interactive");
  bucket.settle(1, { maximumAvailable, currentlyAvailable, restoreRate });
  return bucket;
}

function watch(
  bucket: Bucket,
  cost: number,
  priority: Priority,
  order: string[],
  name: string,
): Promise<void> {
  return bucket.take(cost, priority).then(() => void order.push(name));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("background work leaves a fifth of the bucket to pages", async () => {
  const bucket = await told(250, 0.001);
  const started: string[] = [];
  void watch(bucket, 40, "background", started, "fits");
  void watch(bucket, 40, "background", started, "would leave less");
  await pause(20);
  expect(started).toEqual(["fits"]);
  await watch(bucket, 200, "interactive", started, "page");
  expect(started).toEqual(["fits", "page"]);
  expect(bucket.busy()).toBe(3);
});

test("waits no longer than the missing points take to come back", async () => {
  const bucket = await told(0, 2000);
  const from = performance.now();
  const waited = await bucket.take(200, "interactive");
  expect(performance.now() - from).toBeGreaterThan(80);
  expect(waited).toBeGreaterThan(80);
});

test("serves pages first, and each kind in its order, a large one before a small one behind it", async () => {
  const bucket = await told(0, 3000);
  const started: string[] = [];
  await Promise.all([
    watch(bucket, 300, "background", started, "background large"),
    watch(bucket, 1, "background", started, "background small"),
    watch(bucket, 100, "interactive", started, "page one"),
    watch(bucket, 1, "interactive", started, "page two"),
  ]);
  expect(started).toEqual(["page one", "page two", "background large", "background small"]);
});

test("a query dearer than its share of the bucket waits for a full one and then runs", async () => {
  const bucket = await told(900, 5000);
  await bucket.take(1000, "background");
});

test("an answer that says more is left starts who waits, and one that says nothing counts what was asked", async () => {
  const bucket = await told(50, 0.001);
  const started: string[] = [];
  await watch(bucket, 50, "interactive", started, "first");
  void watch(bucket, 50, "interactive", started, "second");
  await pause(10);
  expect(started).toEqual(["first"]);
  bucket.settle(50, { maximumAvailable: 1000, currentlyAvailable: 60, restoreRate: 0.001 });
  await pause(1);
  expect(started).toEqual(["first", "second"]);
  bucket.settle(50, null);
  void watch(bucket, 50, "interactive", started, "third");
  await pause(10);
  expect(started).toEqual(["first", "second"]);
});

test("a pause holds everybody back", async () => {
  const bucket = await told(1000, 100);
  bucket.pause(60);
  const from = performance.now();
  await bucket.take(1, "interactive");
  expect(performance.now() - from).toBeGreaterThan(50);
});

test("who gives up leaves the queue", async () => {
  const bucket = await told(0, 0.001);
  const leaving = new AbortController();
  const first = bucket.take(10, "interactive", leaving.signal);
  leaving.abort(new Error("no longer wanted"));
  await expect(first).rejects.toThrow("no longer wanted");
  await expect(bucket.take(10, "interactive", leaving.signal)).rejects.toThrow("no longer wanted");
  expect(bucket.busy()).toBe(0);
});
