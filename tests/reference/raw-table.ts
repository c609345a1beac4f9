/** Loads a csv or csv.gz as it stands, every field as text, into a table of a SQLite database in memory. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import Sqlite from "better-sqlite3";

export function loadRawTable(file: string): Sqlite.Database {
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const header = fieldsOf(lines[0] ?? "");
  const database = new Sqlite(":memory:");
  // In SQLite a rowid counts the rows as they are inserted: the place in the file.
  database.exec(`CREATE TABLE raw (${header.map((name) => `"${name}" TEXT`).join(", ")})`);
  const insert = database.prepare(`INSERT INTO raw VALUES (${header.map(() => "?").join(", ")})`);
  database.transaction(() => {
    for (const line of lines.slice(1)) insert.run(fieldsOf(line));
  })();
  return database;
}

/** Fields of one line; none of the files has a line break within a field. */
function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
  );
}
