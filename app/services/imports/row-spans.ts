/** Rows of a file by their numbers, as spans: the browser, which has the file, makes of them what is handed back. */

/** From and to, both included. */
export type RowSpan = [number, number];

/** Rows come in order. */
export function addRow(spans: RowSpan[], row: number): void {
  const last = spans.at(-1);
  if (last && last[1] === row - 1) last[1] = row;
  else spans.push([row, row]);
}
