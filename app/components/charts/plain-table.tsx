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

/** The first column names its row. */
export function PlainTable({ caption, table }: { caption: string; table: ChartTable }) {
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
            <th key={text} scope="col" style={index === 0 ? { ...heading, textAlign: "left" } : heading}>
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
                <td key={index} style={cell}>
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
