/** A shop's whole programme as a file, line by line: what `importProgramme` reads to the same balances. */
import { createHash } from "node:crypto";
import { loyaltyRows } from "../../db/bulk/loyalty-rows.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";

export const PROGRAMME_FILE = { perennial: "loyalty programme", format: 1 } as const;

/** Each with its line's end. `null`: there is no programme. */
export async function exportProgramme(
  db: Database,
  { id: shopId, domain, currency }: Pick<Shop, "id" | "domain" | "currency">,
  now = Date.now(),
): Promise<AsyncGenerator<string, void> | null> {
  if (!(await findProgramme(db, shopId))) return null;
  return linesOf(db, shopId, { ...PROGRAMME_FILE, shop: domain, currency, at: new Date(now).toISOString() });
}

async function* linesOf(db: Database, shopId: number, header: object): AsyncGenerator<string, void> {
  const hash = createHash("sha256");
  const line = (value: object) => {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  };
  yield line(header);
  let rows = 0;
  for await (const { table, row } of loyaltyRows(db.url, shopId)) {
    rows += 1;
    yield line({ table, row });
  }
  // So that a file that was cut off, or changed, is known as such.
  yield `${JSON.stringify({ end: { rows, sha256: hash.digest("hex") } })}\n`;
}
