/** What outstanding points may cost, as of now or of the end of a month, and what the programme has cost: from the ledger summed up by month. */
import { z } from "zod";
import type { PointsCost } from "../../core/clv/margin-share.ts";
import { dayFromIso, firstDayOfMonth, isoMonth, monthOf, shopCalendar } from "../../core/calendar.ts";
import { liabilityOf } from "../../core/loyalty/liability.ts";
import { liabilityReport } from "../../core/loyalty/liability-report.ts";
import { pointValue } from "../../core/loyalty/point-value.ts";
import {
  costBesideSales,
  programmeCost,
  redeemedLately,
  type CostMonth,
  type RewardCost,
} from "../../core/loyalty/programme-cost.ts";
import { rewardCosts, rewardsBesideSales } from "../../db/bulk/reward-costs.ts";
import { firstTransactionAt } from "../../db/queries/ledger-span.server.ts";
import { enqueue } from "../../db/stores/jobs.server.ts";
import { pointsMonths, type StoredPointsMonth } from "../../db/stores/points-months.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import { listRewards } from "../../db/stores/rewards.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { monthStarts, startOfMonth } from "./month-starts.ts";
import { sumPointsJob } from "./sum-points.server.ts";

const parameters = z.object({
  asOf: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .transform((month) => monthOf(dayFromIso(`${month}-01`)))
    .nullable()
    .catch(null),
});

/** Older sums are summed up anew while the page is looked at. */
const FRESH_MS = 10 * 60_000;

export async function openLiability(db: Database, shop: Shop, params: URLSearchParams, now = Date.now()) {
  const programme = await findProgramme(db, shop.id);
  if (!programme) return { hasProgramme: false as const };
  const stored = await pointsMonths(db, shop.id, shop.timeZone);
  const through = stored.at(-1)?.through ?? 0;
  const isWaiting = stored.length === 0 && (await firstTransactionAt(db, shop.id)) !== null;
  if (isWaiting || (stored.length > 0 && through < now - FRESH_MS)) await askForSums(db, shop.id);
  return {
    hasProgramme: true as const,
    isWaiting,
    choice: programme.pointValue,
    loaded: stored.length > 0 ? loadLiability(db, shop, programme, stored, params) : null,
  };
}

async function askForSums(db: Database, shopId: number): Promise<void> {
  await db.write(async (tx) => {
    await enqueue(tx, sumPointsJob(shopId));
    failpoint("open-liability:before-commit");
  });
  failpoint("open-liability:after-commit");
}

/** `null`: no points yet, or they have not been summed up. */
export async function liabilityTables(db: Database, shop: Shop, params: URLSearchParams) {
  const programme = await findProgramme(db, shop.id);
  const stored = programme && (await pointsMonths(db, shop.id, shop.timeZone));
  if (!programme || !stored?.length) return null;
  return loadLiability(db, shop, programme, stored, params);
}

async function loadLiability(
  db: Database,
  shop: Shop,
  programme: Programme,
  stored: readonly StoredPointsMonth[],
  params: URLSearchParams,
) {
  const { asOf } = parameters.parse({ asOf: params.get("asOf") });
  const { month, last, through, report, costs } = await reportAsOf(db, shop, programme, stored, asOf);
  const calendar = shopCalendar(shop.timeZone);
  return {
    asOf: month < last ? isoMonth(month) : null,
    at: through,
    /** Months at whose end one can look, the latest first. */
    ends: stored.flatMap(({ summed }) => (summed.month < last ? [isoMonth(summed.month)] : [])).toReversed(),
    report,
    cost: await costOf(db, shop, stored, costs, calendar.dayOf(stored.at(-1)?.through ?? 0)),
  };
}

/** As of the end of a month that is over, else of now. */
async function reportAsOf(
  db: Database,
  shop: Shop,
  programme: Programme,
  stored: readonly StoredPointsMonth[],
  asked: number | null,
) {
  const calendar = shopCalendar(shop.timeZone);
  const months = stored.map(({ summed }) => summed);
  const [first, last] = [months[0]?.month ?? 0, months.at(-1)?.month ?? 0];
  const month = asked !== null && asked >= first && asked < last ? asked : last;
  const through = stored.find(({ summed }) => summed.month === month)?.through ?? 0;
  const [from, end] = [startOfMonth(month, calendar), startOfMonth(month + 1, calendar)];
  const [rewards, costs] = await Promise.all([
    listRewards(db, shop.id),
    rewardCosts(db, shop.id, monthStarts(first, last, calendar)),
  ]);
  const value = pointValue(programme.pointValue, rewards, redeemedLately(costs, month));
  const liability = liabilityOf(months, { month, shareToCome: (end - through) / (end - from) });
  return { month, last, through, costs, report: liabilityReport(liability, value) };
}

/**
 * What the programme has cost beyond what sales show, for whoever reckons with margins; `null` where there are no points, or
 * nobody knows what one is worth.
 */
export async function pointsCost(db: Database, shop: Shop): Promise<PointsCost | null> {
  const programme = await findProgramme(db, shop.id);
  const stored = programme && (await pointsMonths(db, shop.id, shop.timeZone));
  if (!programme || !stored?.[0]) return null;
  const { report } = await reportAsOf(db, shop, programme, stored, null);
  const { value, liabilityMinor } = report;
  if (!value) return null;
  const beside = await rewardsBesideSales(db, shop.id);
  return {
    costMinor: Math.round(costBesideSales(beside, liabilityMinor?.mean ?? 0, value)),
    sinceDay:
      programme.startedAt === null
        ? firstDayOfMonth(stored[0].summed.month)
        : shopCalendar(shop.timeZone).dayOf(programme.startedAt),
  };
}

/** Which share of outstanding points is going to be redeemed; `null` where it is too early to tell. */
export async function expectedRedemption(
  db: Database,
  shop: Shop,
  programme: Programme,
): Promise<number | null> {
  const stored = await pointsMonths(db, shop.id, shop.timeZone);
  if (stored.length === 0) return null;
  const { expected, outstanding } = (await reportAsOf(db, shop, programme, stored, null)).report;
  return expected && outstanding > 0 ? Math.min(1, expected.mean / outstanding) : null;
}

async function costOf(
  db: Database,
  shop: Shop,
  stored: readonly StoredPointsMonth[],
  costs: readonly RewardCost[],
  lastDay: number,
): Promise<CostMonth[]> {
  const months = stored.map(({ summed }) => summed);
  const { basis, included } = revenueSwitches(shop);
  const answer = await shopMetrics(db.url, shop.id, {
    question: "trend",
    options: {
      ...{ grain: "month", basis, included },
      period: { firstDay: firstDayOfMonth(months[0]?.month ?? 0), lastDay },
    },
  });
  const netByMonth = new Map(
    answer?.figures.map(({ start, netMinor }) => [monthOf(dayFromIso(`${start}-01`)), netMinor]),
  );
  return programmeCost(months, costs, netByMonth);
}
