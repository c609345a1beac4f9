/** What the shop owes to causes, by cause and month, for a page and as a file; and who has a place or a code, as a file for the door. */
import { isoMonth, monthOf, shopCalendar } from "../../core/calendar.ts";
import { moneyCell, type CsvRow } from "../../core/csv.ts";
import { donationsByMonth } from "../../db/bulk/donations.ts";
import { rewardHolders, type RewardHolder } from "../../db/queries/reward-holders.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import type { ExportTable } from "../metrics/export-table.ts";
import { monthStarts } from "./month-starts.ts";

/** As far back as a page tells. */
const MOST_MONTHS = 120;

export interface OwedToCause {
  cause: string;
  month: number;
  given: number;
  takenBack: number;
  /** Below zero where more was taken back than given. */
  toPayMinor: number;
}

/** The latest month first. */
export async function loadDonations(
  db: Database,
  { id, timeZone }: Pick<Shop, "id" | "timeZone">,
  now = Date.now(),
): Promise<OwedToCause[]> {
  const programme = await findProgramme(db, id);
  if (!programme) return [];
  const calendar = shopCalendar(timeZone);
  const last = monthOf(calendar.dayOf(now));
  const first = Math.max(monthOf(calendar.dayOf(programme.startedAt ?? 0)), last - MOST_MONTHS);
  const rows = await donationsByMonth(db, id, monthStarts(first, last, calendar));
  return rows
    .map(({ cause, month, given, takenBack, givenMinor, takenBackMinor }) => ({
      ...{ cause, month, given, takenBack, toPayMinor: givenMinor - takenBackMinor },
    }))
    .toReversed();
}

const PLACES_AT_ONCE = 1_000;

async function* holderRows(db: Database, shopId: number, rewardId: string): AsyncGenerator<CsvRow> {
  let after: RewardHolder | null = null;
  do {
    const holders: RewardHolder[] = await rewardHolders(db, shopId, rewardId, PLACES_AT_ONCE, after);
    for (const { customerId, memberId, status, codeEnd, reservedAt } of holders) {
      const customer = customerId === null ? null : String(customerId);
      yield [customer, memberId, codeEnd, status, new Date(reservedAt).toISOString()];
    }
    after = holders.length < PLACES_AT_ONCE ? null : (holders.at(-1) ?? null);
  } while (after !== null);
}

export const REWARD_EXPORTS: readonly ExportTable[] = [
  {
    name: "donations",
    usual: null,
    async load(db, shop) {
      const { currency } = shop;
      return {
        headings: ["Month", "Cause", "Donations", "Taken back", `To pay (${currency})`],
        rows: (await loadDonations(db, shop)).map(({ month, cause, given, takenBack, toPayMinor }) => [
          ...[isoMonth(month), cause, given, takenBack],
          moneyCell(toPayMinor, currency),
        ]),
      };
    },
  },
  {
    name: "reward-holders",
    usual: null,
    async load(db, shop, _view, params) {
      return {
        headings: ["Customer ID", "Member", "Code ends in", "State", "Redeemed"],
        rows: holderRows(db, shop.id, params.get("reward") ?? ""),
      };
    },
  },
];
