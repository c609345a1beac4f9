/** What a chart draws, and the same as a table. */

export interface ChartPoint {
  key: string;
  /** `null` where nothing was observed: the line stops and the cell is empty. */
  value: number | null;
}

export interface ChartSeries {
  name: string;
  data: readonly ChartPoint[];
  /** Drawn lighter and dashed: the period before, or a benchmark. */
  isComparison?: boolean;
  /** Drawn as dots where there is a value, without a line between them. */
  isMarks?: boolean;
  /** Bounds of the series beside it, drawn as an area. */
  band?: { name: string; low: readonly ChartPoint[]; high: readonly ChartPoint[] };
}

export interface ChartTable {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface ChartWords {
  /** Heading of the keys' column: `Month`. */
  keyHeading: string;
  showKey: (key: string) => string;
  showValue: (value: number) => string;
}

/** One row per key, in the order in which the keys appear, one column per series and per bound. */
export function chartTable(series: readonly ChartSeries[], words: ChartWords): ChartTable {
  const columns = series.flatMap(({ name, data, band }) =>
    band
      ? [
          { name, data },
          { name: `${band.name}, from`, data: band.low },
          { name: `${band.name}, to`, data: band.high },
        ]
      : [{ name, data }],
  );
  const byKey = columns.map(({ data }) => new Map(data.map(({ key, value }) => [key, value])));
  const keys = new Set(columns.flatMap(({ data }) => data.map(({ key }) => key)));
  return {
    headings: [words.keyHeading, ...columns.map(({ name }) => name)],
    rows: [...keys].map((key) => [
      words.showKey(key),
      ...byKey.map((values) => {
        const value = values.get(key) ?? null;
        return value === null ? "" : words.showValue(value);
      }),
    ]),
  };
}
