/** The programme's activity: the ledger as the address filters it, and as a file. */
import { z } from "zod";
import { isoDate, shopCalendar } from "../../core/calendar.ts";
import type { CsvRow } from "../../core/csv.ts";
import { orderBehind, redemptionBehind } from "../../core/loyalty/order-behind.ts";
import {
  ledgerActivity,
  TRANSACTION_KINDS,
  type ActivityFilter,
  type ActivityLine,
  type ActivityPlace,
} from "../../db/queries/ledger-activity.server.ts";
import { redeemedNames } from "../../db/queries/member-redemptions.server.ts";
import { latestReminders, remindersToSend } from "../../db/queries/reminded-expiries.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database, Reading } from "../../db/types.ts";
import { nameOrders } from "../customers/name-records.server.ts";
import { typedNumber } from "../customers/typed-number.ts";
import type { ExportTable } from "../metrics/export-table.ts";

const LINES_AT_ONCE = 50;
const REMINDERS_SHOWN = 20;
const LINES_OF_A_FILE_AT_ONCE = 1_000;

const kinds = z.enum(TRANSACTION_KINDS);
const place = z
  .tuple([z.number().int(), kinds, z.string().max(200), z.number().int()])
  .transform(([at, kind, sourceId, sequence]): ActivityPlace => ({ at, kind, sourceId, sequence }));

export async function openActivity(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  parameters: URLSearchParams,
) {
  const programme = await findProgramme(db, shopId);
  if (!programme) return { page: null };
  const { kind, typed, filter } = await readFilter(db, shopId, parameters);
  const after = readPlace(parameters.get("after"));
  const nobody = { lines: [], older: null };
  const { lines, older } = filter
    ? await ledgerActivity(db, shopId, filter, { after, size: LINES_AT_ONCE })
    : nobody;
  const orderIds = new Set(lines.flatMap((line) => orderBehind(line) ?? []));
  return {
    page: {
      ...{ kind, typed, lines, isFirstPage: after === null },
      older: older && placeText(older),
      reminded: {
        days: programme.remindDays,
        reminders: await latestReminders(db, shopId, REMINDERS_SHOWN),
      },
      orderNames: nameOrders(db, shopId, [...orderIds]),
      redeemed: await redeemedNames(
        db,
        shopId,
        lines.flatMap((line) => redemptionBehind(line) ?? []),
      ),
    },
  };
}

/** `filter` is `null` where the number that was typed is nobody's. */
async function readFilter(
  db: Reading,
  shopId: number,
  parameters: URLSearchParams,
): Promise<{ kind: ActivityFilter["kind"]; typed: string; filter: ActivityFilter | null }> {
  const kind = kinds.safeParse(parameters.get("kind")).data ?? null;
  const typed = (parameters.get("customer") ?? parameters.get("member") ?? "").trim().slice(0, 20);
  if (typed === "") return { kind, typed, filter: { kind, memberId: null } };
  const id = typedNumber.safeParse(typed).data;
  if (id === undefined) return { kind, typed, filter: null };
  const memberId = parameters.has("customer") ? (await membersOf(db, shopId, [id])).get(id) : id;
  return { kind, typed, filter: memberId === undefined ? null : { kind, memberId } };
}

function readPlace(text: string | null): ActivityPlace | null {
  try {
    return place.safeParse(JSON.parse(text ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

function placeText({ at, kind, sourceId, sequence }: ActivityPlace): string {
  return JSON.stringify([at, kind, sourceId, sequence]);
}

const activityTable: ExportTable = {
  name: "points-activity",
  usual: null,
  /** All that the page's filters let through, from its first line on; read piece by piece. */
  async load(db, shop, _view, params) {
    const { filter } = await readFilter(db, shop.id, params);
    return {
      headings: [
        ...["At", "Kind", "Member", "Customer ID", "Source", "Available", "Pending", "Owed"],
        ...["Reason", "Ripens", "Expires"],
      ],
      rows: filter ? activityRows(db, shop.id, filter) : [],
    };
  },
};

async function* activityRows(db: Database, shopId: number, filter: ActivityFilter): AsyncGenerator<CsvRow> {
  let after: ActivityPlace | null = null;
  do {
    const page: { lines: ActivityLine[]; older: ActivityPlace | null } = await ledgerActivity(
      db,
      shopId,
      filter,
      { after, size: LINES_OF_A_FILE_AT_ONCE },
    );
    for (const line of page.lines) yield rowOf(line);
    after = page.older;
  } while (after !== null);
}

const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function rowOf(line: ActivityLine): CsvRow {
  return [
    ...[time(line.at), line.kind, line.memberId, line.customerId === null ? null : String(line.customerId)],
    ...[line.sourceId, line.available, line.pending, line.owed],
    ...[line.reason, time(line.ripensAt), time(line.expiresAt)],
  ];
}

/** Whom to write to, for whatever the merchant writes with: one line for each member and moment of expiry. */
const remindersTable: ExportTable = {
  name: "points-reminders",
  usual: null,
  async load(db, shop) {
    return {
      headings: ["Customer ID", "Member", "Points", "Noted", "Points still there", "Last day"],
      rows: reminderRows(db, shop),
    };
  },
};

async function* reminderRows(db: Database, { id, timeZone }: Shop): AsyncGenerator<CsvRow> {
  const calendar = shopCalendar(timeZone);
  for await (const reminder of remindersToSend(db, id, Date.now())) {
    const { customerId, memberId, points, remindedAt, left, expiresAt } = reminder;
    yield [
      String(customerId),
      memberId,
      points,
      time(remindedAt),
      left,
      isoDate(calendar.dayOf(expiresAt - 1)),
    ];
  }
}

export const LOYALTY_EXPORTS: readonly ExportTable[] = [activityTable, remindersTable];
