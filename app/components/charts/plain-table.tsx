/** A plain table that scrolls inside its own frame, also by keyboard, and never widens the page. */
import { useRowsShown } from "../frame/use-awake.ts";
import type { ChartTable } from "./chart-series.ts";
import styles from "./plain-table.module.css";

/** The first column names its row, on several lines where it `wrapsNames`; `wordColumns` hold words instead of figures. */
export function PlainTable({
  caption,
  table,
  wordColumns = [],
  wrapsNames = false,
  hasTotal = false,
}: {
  caption: string;
  table: ChartTable;
  wordColumns?: readonly number[];
  wrapsNames?: boolean;
  /** The last row is what the others add up to. */
  hasTotal?: boolean;
}) {
  const rowsShown = useRowsShown(table.rows);
  const kindOf = (column: number) => (wordColumns.includes(column) ? styles.words : undefined);
  return (
    <table
      className={[styles.table, wrapsNames && styles.wraps, hasTotal && styles.total]
        .filter(Boolean)
        .join(" ")}
    >
      <caption>{caption}</caption>
      <thead>
        <tr>
          {table.headings.map((text, index) => (
            <th key={text} scope="col" className={kindOf(index)}>
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rowsShown.map((row, place) => (
          <tr key={place}>
            {row.map((text, index) =>
              index === 0 ? (
                <th key={index} scope="row">
                  {text}
                </th>
              ) : (
                <td key={index} className={kindOf(index)}>
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
