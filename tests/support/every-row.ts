/** A fingerprint of a SQLite database, by which a test sees that nothing has changed. */
import { createHash } from "node:crypto";
import Sqlite from "better-sqlite3";
import { sqliteFile } from "../../app/db/url.ts";

/** Of every row of every table. */
export function everyRow(databaseUrl: string): string {
  const file = new Sqlite(sqliteFile(databaseUrl), { readonly: true });
  try {
    const hash = createHash("sha256");
    const tables = file
      .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all();
    for (const { name } of tables) {
      const rows = file.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).raw().all();
      hash.update(JSON.stringify([name, rows]));
    }
    return hash.digest("hex");
  } finally {
    file.close();
  }
}
