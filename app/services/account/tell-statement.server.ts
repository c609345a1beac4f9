/** A member's points line by line for the member: each with what caused it and the balance after it, the newest first. */
import { orderBehind, redemptionBehind } from "../../core/loyalty/order-behind.ts";
import { redeemedNames } from "../../db/queries/member-redemptions.server.ts";
import { memberStatement } from "../../db/queries/member-statement.server.ts";
import { membersOf } from "../../db/stores/members.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { nameOrders } from "../customers/name-records.server.ts";
import { placeFrom, placeText } from "../loyalty/statement-place.ts";

const LINES_AT_ONCE = 20;

/** `before` is an earlier answer's `next`. */
export async function tellStatement(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  customerId: number,
  { before, most = LINES_AT_ONCE }: { before?: string | undefined; most?: number | undefined },
) {
  const memberId = (await membersOf(db, shopId, [customerId])).get(customerId);
  if (memberId === undefined) return { ok: false as const, reason: "no-member" as const };
  const asked = { before: placeFrom(before ?? null), size: most, now: Date.now() };
  const statement = await memberStatement(db, shopId, memberId, asked);
  if (!statement) throw new Error(`member ${memberId} has no balance`);
  const { lines, older } = statement;
  const orderIds = new Set(lines.flatMap((line) => orderBehind(line) ?? []));
  const redemptionIds = lines.flatMap((line) => redemptionBehind(line) ?? []);
  // Names of orders are Shopify's; where it does not answer the page still tells the points.
  const [orderNames, rewardNames] = await Promise.all([
    nameOrders(db, shopId, [...orderIds]),
    redeemedNames(db, shopId, redemptionIds),
  ]);
  const day = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ok: true as const,
    lines: lines.map((line) => {
      const { kind, at, available, pending, owed, reason, ripensAt, expiresAt, balance } = line;
      const order = orderBehind(line);
      const redemption = redemptionBehind(line);
      return {
        ...{ kind, at: new Date(at).toISOString(), points: available, pending, owed, balance },
        ...{ order, orderName: order === null ? null : (orderNames?.[order] ?? null) },
        reward: redemption === null ? null : (rewardNames[redemption] ?? null),
        ...{ reason, ripensAt: day(ripensAt), expiresAt: day(expiresAt) },
      };
    }),
    next: older && placeText(older),
  };
}
