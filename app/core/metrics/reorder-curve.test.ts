import { describe, expect, test } from "vitest";
import { evenReorderCurve } from "./reorder-curve.ts";

const at = (days: number, share: number) => ({ days, share, low: share - 0.01, high: share + 0.01 });

describe("the drawn curve of the time to the second order", () => {
  test("holds the share of the last reorder up to each day", () => {
    expect(evenReorderCurve([at(1, 0.1), at(3, 0.2)])).toEqual([
      { days: 0, share: 0, low: null, high: null },
      at(1, 0.1),
      { ...at(1, 0.1), days: 2 },
      at(3, 0.2),
    ]);
  });

  test("draws a long history in wider steps, and reaches its end", () => {
    const curve = Array.from({ length: 400 }, (_, days) => at(days, days / 1000));
    const drawn = evenReorderCurve(curve);
    expect(drawn.length).toBeLessThanOrEqual(61);
    expect(drawn.map(({ days }) => days).slice(0, 3)).toEqual([0, 7, 14]);
    expect(drawn[2]?.share).toBe(0.014);
    expect(drawn.at(-1)).toMatchObject({ share: 0.399 });
  });

  test("ends after two years", () => {
    const days = evenReorderCurve([at(10, 0.1), at(2000, 0.5)]).map((point) => point.days);
    expect(days.at(-1)).toBeGreaterThanOrEqual(730);
    expect(days.at(-1)).toBeLessThan(760);
    expect(days.length).toBeLessThanOrEqual(61);
  });

  test("is empty where nobody has reordered", () => {
    expect(evenReorderCurve([])).toEqual([]);
  });
});
