/**
 * How likely a customer is lost: the chance of no order within a stated time, 1 - P(alive) P(at least one purchase | alive). P(alive)
 * alone would call every one-time buyer of BG/NBD safe, and says nothing of customers who are still there and hardly buy.
 *
 * Worked example: a chance of .3 to order again within a year is a risk of .7, the band high.
 */

/** Whose risk is as high counts as lost. */
export const LOST_FROM_RISK = 0.9;

/** Whose risk is as high is at risk. */
export const AT_RISK_FROM = 0.65;

const CHURN_BANDS = [
  { band: "low", below: 0.35 },
  { band: "medium", below: AT_RISK_FROM },
  { band: "high", below: LOST_FROM_RISK },
  { band: "lost", below: Infinity },
] as const;
export type ChurnBand = (typeof CHURN_BANDS)[number]["band"];
export const CHURN_BAND_NAMES = CHURN_BANDS.map(({ band }) => band);

export function churnBandOf(risk: number): ChurnBand {
  return CHURN_BANDS.find(({ below }) => risk < below)?.band ?? "lost";
}

interface BandCheck {
  band: ChurnBand;
  customers: number;
  /** Mean risk, and the share of them that did not order. */
  expected: number;
  actual: number;
}

/** Holds the risk against what came: in each band, those who did not order against those who should not have. */
export function checkChurnBands(
  returnChance: ArrayLike<number>,
  actualPurchases: ArrayLike<number>,
): BandCheck[] {
  const sums = CHURN_BANDS.map(({ band }) => ({ band, customers: 0, expected: 0, actual: 0 }));
  for (let i = 0; i < returnChance.length; i++) {
    const risk = 1 - (returnChance[i] as number);
    const sum = sums.find(({ band }) => band === churnBandOf(risk));
    if (!sum) continue;
    sum.customers++;
    sum.expected += risk;
    sum.actual += Number(actualPurchases[i] === 0);
  }
  return sums
    .filter(({ customers }) => customers > 0)
    .map((sum) => ({
      ...sum,
      expected: sum.expected / sum.customers,
      actual: sum.actual / sum.customers,
    }));
}
