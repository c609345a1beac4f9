import { describe, expect, test } from "vitest";
import { chartTable } from "./chart-series.ts";

const words = {
  keyHeading: "Month",
  showKey: (key: string) => `M${key}`,
  showValue: (value: number) => `${value}%`,
};

describe("a chart's table", () => {
  test("has a row for every key of any series, and empty cells where nothing was observed", () => {
    const table = chartTable(
      [
        {
          name: "2026-01",
          data: [
            { key: "0", value: 100 },
            { key: "1", value: 0 },
          ],
        },
        {
          name: "2026-02",
          data: [
            { key: "0", value: 100 },
            { key: "2", value: null },
          ],
        },
      ],
      words,
    );
    expect(table).toEqual({
      headings: ["Month", "2026-01", "2026-02"],
      rows: [
        ["M0", "100%", "100%"],
        ["M1", "0%", ""],
        ["M2", "", ""],
      ],
    });
  });

  test("gives the bounds of a series beside it", () => {
    const series = {
      name: "Reordered",
      data: [{ key: "30", value: 20 }],
      band: { name: "95% interval", low: [{ key: "30", value: 18 }], high: [{ key: "30", value: 22 }] },
    };
    expect(chartTable([series], words)).toEqual({
      headings: ["Month", "Reordered", "95% interval, from", "95% interval, to"],
      rows: [["M30", "20%", "18%", "22%"]],
    });
  });
});
