/** Reads a csv or csv.gz file as a stream of records, with the delimiter found out from its first lines. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";
import { parse as parseAtOnce } from "csv-parse/sync";

/** A file that cannot be taken in, with one sentence that says why; readHistory turns it into a value. */
export class UnusableFile extends Error {}

export interface Table {
  header: string[];
  delimiter: string;
  /** The records after the header, each once; a blank line after the header is a record with one empty field. */
  records(): AsyncIterable<string[]>;
}

/** Why a file cannot be read, in one sentence. */
export function whyUnreadable(file: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `There is no file ${file}.`;
  if (code === "EISDIR") return `${file} is a folder, not a file.`;
  if (code === "EACCES" || code === "EPERM") return `${file} may not be read by this user.`;
  return `${file} cannot be read: ${messageOf(error)}.`;
}

const DELIMITERS = [",", ";", "\t", "|"];
const OPTIONS = { bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: false };

export async function openTable(file: string): Promise<Table> {
  const start = await firstCharacters(file, 65_536);
  const delimiter = detectDelimiter(start);
  const rows = readStart(start, delimiter);
  // Some programs write blank lines before the header.
  const headerAt = rows.findIndex((row) => row.some((name) => name.trim() !== ""));
  const header = (rows[headerAt] ?? []).map((name) => name.trim());
  if (headerAt === -1) throw new UnusableFile(`${file} is empty.`);

  async function* records() {
    const parser = (await openText(file)).pipe(parse({ ...OPTIONS, delimiter, from: headerAt + 2 }));
    try {
      for await (const record of parser) yield record as string[];
    } catch (error) {
      throw new UnusableFile(`${file} cannot be read as a table: ${messageOf(error)}.`, { cause: error });
    }
  }

  return { header, delimiter, records };
}

const messageOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");

/** The file's bytes, unpacked where they begin like gzip's, whatever the file is called. */
async function openText(file: string): Promise<Readable> {
  const handle = await open(file).catch((error: unknown) => {
    throw new UnusableFile(whyUnreadable(file, error), { cause: error });
  });
  try {
    const { isFile } = await handle.stat().then((stat) => ({ isFile: stat.isFile() }));
    if (!isFile) throw new UnusableFile(`${file} is not a file.`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    const bytes = createReadStream(file);
    if (!isGzip) return bytes;
    const text = createGunzip();
    bytes.on("error", (error) => text.destroy(error));
    return bytes.pipe(text);
  } finally {
    await handle.close();
  }
}

async function firstCharacters(file: string, count: number): Promise<string> {
  const stream = await openText(file);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length >= count) break;
    }
  } catch (error) {
    throw new UnusableFile(`${file} cannot be unpacked: ${messageOf(error)}.`, { cause: error });
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.includes("\u0000")) throw new UnusableFile(`${file} is not a text file.`);
  return text;
}

function readStart(start: string, delimiter: string): string[][] {
  // The last line may be cut off, and with it a quoted field.
  const whole = start.length < 65_536 ? start : start.slice(0, start.lastIndexOf("\n"));
  try {
    return parseAtOnce(whole, { ...OPTIONS, delimiter, to: 50 });
  } catch {
    return [];
  }
}

/** The delimiter that splits the first lines into the most columns, the same number in each. */
function detectDelimiter(start: string): string {
  let best = { delimiter: ",", columns: 1 };
  for (const delimiter of DELIMITERS) {
    const rows = readStart(start, delimiter).filter((row) => row.length > 1 || row[0]?.trim() !== "");
    const columns = rows[0]?.length ?? 0;
    const alike = rows.filter((row) => row.length === columns).length;
    if (alike >= rows.length * 0.9 && columns > best.columns) best = { delimiter, columns };
  }
  return best.delimiter;
}
