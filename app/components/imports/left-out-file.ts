/** The rows that are left out as a file of their own, made in the browser from the merchant's file: they are handed back without being kept anywhere. */
import { csvLine } from "../../core/csv.ts";
import { csvReader, type ReadRow, type Separator } from "../../core/csv-reader.ts";

export interface LeftOut {
  /** From and to, counted from 1 below the heading. */
  spans: readonly (readonly [number, number])[];
  because: string;
}

/** With the line in the file and the reason in front of each row. */
export async function leftOutFile(
  file: Blob,
  separator: Separator,
  leftOut: readonly LeftOut[],
): Promise<Blob> {
  const reader = csvReader(separator);
  const parts: string[] = [];
  const places = leftOut.map(({ spans, because }) => ({ spans, because, at: 0 }));
  let row = -1;
  const take = ({ line, cells }: ReadRow) => {
    row += 1;
    if (row === 0) return void parts.push(csvLine(["Line", "Not imported because", ...cells]));
    for (const place of places) {
      while ((place.spans[place.at]?.[1] ?? Infinity) < row) place.at += 1;
      if ((place.spans[place.at]?.[0] ?? Infinity) > row) continue;
      parts.push(csvLine([line, place.because, ...cells]));
      return;
    }
  };
  const text = file
    .stream()
    .pipeThrough(new TextDecoderStream("utf-8", { ignoreBOM: true }))
    .getReader();
  for (let piece = await text.read(); !piece.done; piece = await text.read())
    for (const each of reader.push(piece.value)) take(each);
  for (const each of reader.end()) take(each);
  return new Blob(parts, { type: "text/csv" });
}

export function saveBlob(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
