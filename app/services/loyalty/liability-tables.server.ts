/** The tables of the liability page as files, for the accountant. */
import { isoMonth } from "../../core/calendar.ts";
import { moneyCell, type CsvCell } from "../../core/csv.ts";
import { roundHalfAway } from "../../core/metrics/rounding.ts";
import type { ExportTable } from "../metrics/export-table.ts";
import { liabilityTables } from "./load-liability.server.ts";

const estimated = (minor: number | null, currency: string): CsvCell =>
  moneyCell(minor === null ? null : roundHalfAway(minor), currency);
const whole = (points: number | null): CsvCell => (points === null ? null : roundHalfAway(points));
const ratio = (share: number | null): CsvCell => (share === null ? null : Number(share.toFixed(6)));

export const LIABILITY_EXPORTS: readonly ExportTable[] = [
  {
    name: "points-liability",
    usual: null,
    async load(db, shop, _view, params) {
      const loaded = await liabilityTables(db, shop, params);
      const { currency } = shop;
      return {
        headings: [
          ...["As of", "Points came in", "Came", "Redeemed", "Expired", "Taken back", "Outstanding"],
          ...[
            `Value outstanding (${currency})`,
            "Expected to be redeemed",
            `Estimated liability (${currency})`,
          ],
          `Value of 1000 points (${currency})`,
        ],
        rows: (loaded?.report.rows ?? []).map((row) => [
          ...[new Date(loaded?.at ?? 0).toISOString(), isoMonth(row.month)],
          ...[row.entered, row.redeemed, row.expired, row.withdrawn, row.outstanding],
          ...[estimated(row.outstandingMinor, currency), whole(row.expected)],
          estimated(row.liabilityMinor, currency),
          estimated(loaded?.report.value ? loaded.report.value.minor * 1_000 : null, currency),
        ]),
      };
    },
  },
  {
    name: "points-expected",
    usual: null,
    async load(db, shop, _view, params) {
      const loaded = await liabilityTables(db, shop, params);
      return {
        headings: ["Month", "Expected to be redeemed", "95% interval, from", "95% interval, to"],
        rows: (loaded?.report.expectedByMonth ?? []).map(({ month, mean, low, high }) => [
          isoMonth(month),
          ...[mean, low, high].map(whole),
        ]),
      };
    },
  },
  {
    name: "points-by-age",
    usual: null,
    async load(db, shop, _view, params) {
      const loaded = await liabilityTables(db, shop, params);
      return {
        headings: ["Months since they came", "Share redeemed", "95% interval, from", "95% interval, to"],
        rows: (loaded?.report.redeemedByAge ?? []).map(({ age, share }) => [
          age,
          ...[share.mean, share.low, share.high].map(ratio),
        ]),
      };
    },
  },
  {
    name: "points-cost",
    usual: null,
    async load(db, shop, _view, params) {
      const loaded = await liabilityTables(db, shop, params);
      const { currency } = shop;
      return {
        headings: [
          ...["Month", "Points issued", "Redeemed", "Expired", "Rewards used", "Of unknown cost"],
          ...[`Cost of rewards (${currency})`, `Net sales (${currency})`, "Share of net sales"],
        ],
        rows: (loaded?.cost ?? []).map((row) => [
          ...[isoMonth(row.month), row.issued, row.redeemed, row.expired, row.rewards, row.untold],
          ...[moneyCell(row.costMinor, currency), moneyCell(row.netMinor, currency), ratio(row.share)],
        ]),
      };
    },
  },
];
