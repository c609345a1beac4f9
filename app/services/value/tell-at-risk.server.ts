/**
 * Tells receivers outside whose risk of being lost has become high, in the transaction that saves the model which says so: once for each
 * silence, whatever later models say of it. The first model of a shop only notes who is there, and nobody hears of what is older than a month.
 */
import { isoDate } from "../../core/calendar.ts";
import type { NewlyAtRisk } from "../../core/clv/newly-at-risk.ts";
import { customersWithOrdersAfter } from "../../db/queries/order-days.server.ts";
import { tellOutside } from "../../db/stores/outgoing-events.server.ts";
import {
  markRisksKnown,
  noteRiskFalls,
  notedFalls,
  risksKnownDay,
} from "../../db/stores/risk-falls.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Transaction } from "../../db/types.ts";

/** A line that a new model moves, and nights without a worker, are made up for within so many days. */
export const RISK_DAYS = 30;

/** After so long a silence no model moves anybody over the line any more. */
const FORGOTTEN_DAYS = 3 * 365;

export async function tellAtRisk(
  tx: Transaction,
  { id: shopId }: Pick<Shop, "id">,
  found: readonly (Omit<NewlyAtRisk, "customer"> & { customerId: number })[],
  untilDay: number,
  now = Date.now(),
): Promise<void> {
  const isFirst = (await risksKnownDay(tx, shopId)) === null;
  const ids = found.map(({ customerId }) => customerId);
  const noted = await notedFalls(tx, shopId, ids);
  // A model takes minutes to fit, in which somebody may have come back.
  const back = await customersWithOrdersAfter(tx, shopId, ids, untilDay);
  const fallen = found.filter(
    ({ customerId, lastDay }) => (noted.get(customerId) ?? -Infinity) < lastDay && !back.has(customerId),
  );
  await noteRiskFalls(
    tx,
    shopId,
    fallen.map(({ customerId, lastDay: lastOrderDay }) => ({ customerId, lastOrderDay })),
    now,
  );
  await markRisksKnown(tx, shopId, untilDay, untilDay - FORGOTTEN_DAYS);
  if (isFirst) return;
  await tellOutside(
    tx,
    shopId,
    fallen.map(({ customerId, lastDay, riskPercent }) => ({
      ...{ kind: "customer.at_risk", customerId, cause: `${customerId}/${lastDay}`, occurredAt: now },
      data: { riskPercent, lastOrderDay: isoDate(lastDay) },
    })),
  );
}
