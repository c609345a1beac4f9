/** The page of an import's members: its rows as the address filters them, some at a time. */
import { z } from "zod";
import { importedMembersPage, type ImportFilter } from "../../db/queries/import-members.server.ts";
import { listImports, type ImportState } from "../../db/stores/points-imports.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { nameCustomers } from "../customers/name-records.server.ts";
import { typedNumber } from "../customers/typed-number.ts";

const ROWS_AT_ONCE = 50;
const IMPORTS_SHOWN = 20;
/** Those whose rows are there to be seen. */
const WITH_ROWS: readonly ImportState[] = ["counted", "applying", "applied", "undoing", "undone"];

const row = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** `null`: there is no programme. Without an import of that id the latest is shown. */
export async function openImportMembers(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  parameters: URLSearchParams,
) {
  const programme = await findProgramme(db, shopId);
  if (!programme) return null;
  const found = await listImports(db, shopId, IMPORTS_SHOWN);
  const imports = found.filter(({ state }) => WITH_ROWS.includes(state));
  const run = imports.find(({ id }) => id === parameters.get("import")) ?? imports[0];
  const ladder = programme.versions.at(-1)?.rules.tiers?.ladder ?? [];
  const tierId = ladder.find(({ id }) => id === parameters.get("tier"))?.id ?? null;
  const typed = (parameters.get("customer") ?? "").trim().slice(0, 20);
  const customerId = typed === "" ? null : typedNumber.safeParse(typed).data;
  const after = row.safeParse(parameters.get("after")).data ?? 0;
  const filter: ImportFilter | null = customerId === undefined ? null : { tierId, customerId };
  const nobody = { members: [], next: null };
  const { members, next } =
    run && filter
      ? await importedMembersPage(db, shopId, run.id, filter, { after, size: ROWS_AT_ONCE })
      : nobody;
  return {
    ...{ typed, tierId, members, next, isFirstPage: after === 0 },
    run: run ? { id: run.id, state: run.state, rows: run.rows } : null,
    imports: imports.map(({ id, startedAt, finishedAt }) => ({ id, at: finishedAt ?? startedAt })),
    tiers: ladder.map(({ id, name }) => ({ id, name })),
    customerNames: nameCustomers(db, shopId, [
      ...new Set(members.flatMap((member) => member.customerId ?? [])),
    ]),
  };
}
