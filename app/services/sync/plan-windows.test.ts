import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halveWindow, planWindows } from "./plan-windows.ts";

const second = fc.integer({ min: 0, max: 3_000_000 }).map((value) => value * 1_000);
const times = fc.array(second, { maxLength: 300 }).map((list) => list.sort((a, b) => a - b));

describe("planWindows", () => {
  it("covers the whole history without gap or overlap, each window within the target unless one second exceeds it", async () => {
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 40 }), async (list, target) => {
        const countIn = (fromAt: number, toAt: number) =>
          Promise.resolve(list.filter((time) => time >= fromAt && time < toAt).length);
        const whole = { fromAt: 0, toAt: 3_000_001_000, count: list.length };
        const spans = await planWindows(whole, target, countIn);
        expect(spans[0]?.fromAt).toBe(whole.fromAt);
        expect(spans.at(-1)?.toAt).toBe(whole.toAt);
        for (const [index, span] of spans.entries()) {
          if (index > 0) expect(span.fromAt).toBe(spans[index - 1]?.toAt);
          expect(span.count).toBe(await countIn(span.fromAt, span.toAt));
          expect(span.count <= target || span.toAt - span.fromAt <= 1_000).toBe(true);
        }
      }),
    );
  });

  it("asks fewer times than there are windows to be found, because the last part is the difference", async () => {
    let asked = 0;
    const spans = await planWindows({ fromAt: 0, toAt: 64_000, count: 64 }, 1, (fromAt, toAt) => {
      asked += 1;
      return Promise.resolve((toAt - fromAt) / 1_000);
    });
    expect(spans).toHaveLength(64);
    expect(asked).toBe(63);
  });

  it("plans one empty window for an empty shop", async () => {
    const whole = { fromAt: 0, toAt: 1_000, count: 0 };
    expect(await planWindows(whole, 10, () => Promise.reject(new Error("asked")))).toEqual([whole]);
  });
});

describe("halveWindow", () => {
  it("cuts at a whole second and keeps the sum", () => {
    expect(halveWindow({ fromAt: 0, toAt: 5_000, count: 9 })).toEqual([
      { fromAt: 0, toAt: 2_000, count: 5 },
      { fromAt: 2_000, toAt: 5_000, count: 4 },
    ]);
  });

  it("leaves one second alone", () => {
    const span = { fromAt: 7_000, toAt: 8_000, count: 9 };
    expect(halveWindow(span)).toEqual([span]);
  });
});
