import { once } from "node:events";
import { expect, test } from "vitest";
import { borrowLock, createWriteLock, lendLock } from "./write-lock.ts";

test("how many wait is told to whoever holds the lock, in whatever thread they are", async () => {
  const lock = createWriteLock();
  const loan = lendLock(lock);
  const { lent } = loan;
  const borrowed = borrowLock(lent);
  const first = Promise.withResolvers<void>();
  const order: string[] = [];
  const holding = lock.run(() => first.promise);
  await Promise.resolve();
  expect(Atomics.load(lock.waiting, 0)).toBe(0);

  const second = lock.run(async () => void order.push(`here, ${Atomics.load(lock.waiting, 0)} waiting`));
  const third = borrowed.run(async () => void order.push(`there, ${Atomics.load(lent.waiting, 0)} waiting`));
  // The wish from the other side comes by message.
  while (Atomics.load(lent.waiting, 0) < 2) await new Promise((resolve) => setImmediate(resolve));
  first.resolve();
  await Promise.all([holding, second, third]);
  expect(order).toEqual(["here, 1 waiting", "there, 0 waiting"]);
  const closed = once(lent.port, "close");
  loan.takeBack();
  await closed;
});
