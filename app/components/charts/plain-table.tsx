/** A plain table that scrolls inside its own frame, also by keyboard, and never widens the page. */
import type { CSSProperties } from "react";
import type { ChartTable } from "./chart-series.ts";

const cell: CSSProperties = {
  padding: "var(--p-space-150) var(--p-space-300)",
  borderBottom: "1px solid var(--p-color-border-secondary)",
  textAlign: "right",
  whiteSpace: "nowrap",
  fontVariantNumeric: "tabular-nums",
};
const heading: CSSProperties = {
  ...cell,
  position: "sticky",
  top: 0,
  background: "var(--p-color-bg-surface)",
  fontWeight: "var(--p-font-weight-medium)",
};
const first: CSSProperties = { ...cell, textAlign: "left", fontWeight: "var(--p-font-weight-regular)" };

/** Of words, which may take several lines. */
const words: CSSProperties = { ...cell, textAlign: "left", whiteSpace: "normal", minWidth: "8rem" };

/** The first column names its row; `wordColumns` hold words instead of figures. */
export function PlainTable({
  caption,
  table,
  wordColumns = [],
}: {
  caption: string;
  table: ChartTable;
  wordColumns?: readonly number[];
}) {
  const isLeft = (column: number) => column === 0 || wordColumns.includes(column);
  return (
    <table style={{ borderCollapse: "collapse", width: "100%", font: "inherit" }}>
      <caption
        style={{ position: "absolute", width: 1, height: 1, overflow: "hidden", clipPath: "inset(50%)" }}
      >
        {caption}
      </caption>
      <thead>
        <tr>
          {table.headings.map((text, index) => (
            <th key={text} scope="col" style={isLeft(index) ? { ...heading, textAlign: "left" } : heading}>
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, place) => (
          <tr key={place}>
            {row.map((text, index) =>
              index === 0 ? (
                <th key={index} scope="row" style={first}>
                  {text}
                </th>
              ) : (
                <td key={index} style={wordColumns.includes(index) ? words : cell}>
                  {text}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
