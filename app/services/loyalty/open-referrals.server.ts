/** Referrals as the address filters them, and as a file. */
import { z } from "zod";
import type { CsvRow } from "../../core/csv.ts";
import { REFERRAL_STATUSES } from "../../core/referrals/referral-target.ts";
import {
  referralCounts,
  referralList,
  type ReferralFilter,
  type ReferralLine,
  type ReferralPlace,
} from "../../db/queries/referral-list.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import { findProgramme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database, Reading } from "../../db/types.ts";
import { nameCustomers, nameOrders } from "../customers/name-records.server.ts";
import { typedNumber } from "../customers/typed-number.ts";
import type { ExportTable } from "../metrics/export-table.ts";

const LINES_AT_ONCE = 50;
const LINES_OF_A_FILE_AT_ONCE = 1_000;
const WARNED = "warned";

const shown = z.enum([...REFERRAL_STATUSES, WARNED]);
const place = z
  .tuple([z.number().int(), z.uuid()])
  .transform(([referredAt, id]): ReferralPlace => ({ referredAt, id }));

/** `null`: there is no programme. */
export async function openReferrals(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  parameters: URLSearchParams,
) {
  const programme = await findProgramme(db, shopId);
  if (!programme) return null;
  const { show, typed, filter } = await readFilter(db, shopId, parameters);
  const after = readPlace(parameters.get("after"));
  const nobody = { lines: [], older: null };
  const { lines, older } = filter
    ? await referralList(db, shopId, filter, { after, size: LINES_AT_ONCE })
    : nobody;
  return {
    ...{ show, typed, lines, isFirstPage: after === null },
    isOn: programme.referrals?.isOn === true,
    older: older && JSON.stringify([older.referredAt, older.id]),
    counts: await referralCounts(db, shopId),
    orderNames: nameOrders(
      db,
      shopId,
      lines.map(({ orderId }) => orderId),
    ),
    customerNames: nameCustomers(db, shopId, [
      ...new Set(lines.flatMap(({ customerId }) => customerId ?? [])),
    ]),
  };
}

/** `filter` is `null` where the customer that was typed is no member. */
async function readFilter(db: Reading, shopId: number, parameters: URLSearchParams) {
  const show = shown.safeParse(parameters.get("show")).data ?? null;
  const typed = (parameters.get("customer") ?? "").trim().slice(0, 20);
  const all: ReferralFilter = {
    ...{ status: show === WARNED ? null : show, isWarned: show === WARNED, memberId: null },
  };
  if (typed === "") return { show, typed, filter: all };
  const id = typedNumber.safeParse(typed).data;
  const memberId = id === undefined ? undefined : (await membersOf(db, shopId, [id])).get(id);
  return { show, typed, filter: memberId === undefined ? null : { ...all, memberId } };
}

function readPlace(text: string | null): ReferralPlace | null {
  try {
    return place.safeParse(JSON.parse(text ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

export const referralsTable: ExportTable = {
  name: "referrals",
  usual: null,
  /** All that the page's filters let through, read piece by piece. */
  async load(db, shop, _view, parameters) {
    const { filter } = await readFilter(db, shop.id, parameters);
    return {
      headings: [
        ...["Referred", "Customer ID", "Friend's customer ID", "Friend's order ID", "Status", "Verdict"],
        ...["Check", "Overruled", "Member's points", "Friend's points", "Friend's reward", "Rewarded"],
      ],
      rows: filter ? rowsOf(db, shop.id, filter) : [],
    };
  },
};

async function* rowsOf(db: Database, shopId: number, filter: ReferralFilter): AsyncGenerator<CsvRow> {
  let after: ReferralPlace | null = null;
  do {
    const page: { lines: ReferralLine[]; older: ReferralPlace | null } = await referralList(
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
const idText = (id: number | null) => (id === null ? null : String(id));

function rowOf({ terms, ...line }: ReferralLine): CsvRow {
  const { friend } = terms;
  return [
    ...[time(line.referredAt), idText(line.customerId), idText(line.friendId), idText(line.orderId)],
    ...[line.status, line.verdict, line.because, line.overruled],
    line.memberGiven ? terms.memberPoints : 0,
    line.friendGiven && friend.kind === "points" ? friend.points : 0,
    line.friendGiven && friend.kind === "reward" ? friend.rewardId : null,
    time(line.memberGiven || line.friendGiven ? line.rewardedAt : null),
  ];
}
