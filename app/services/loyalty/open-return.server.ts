/** What the programme brings: by customers drawn to be kept out of it, and, where nobody was, by members beside customers like them. */
import { isoDate, shopCalendar } from "../../core/calendar.ts";
import { moneyCell, type CsvCell, type CsvRow } from "../../core/csv.ts";
import type { EffectOutcome } from "../../core/experiments/effect.ts";
import type { Estimate, MatchedOutcome } from "../../core/experiments/matched-comparison.ts";
import type { MembersGiven } from "../../core/experiments/members-given.ts";
import { roundHalfAway } from "../../core/metrics/rounding.ts";
import { joinedCustomers } from "../../db/queries/joined-customers.server.ts";
import { findProgramme, type Programme } from "../../db/stores/programmes.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import type { ExportTable } from "../metrics/export-table.ts";
import { revenueSwitches } from "../metrics/revenue-switches.ts";
import { shopMetrics } from "../metrics/shop-metrics.server.ts";
import { pointsCost } from "./load-liability.server.ts";

export async function openReturn(db: Database, shop: Shop, now = Date.now()) {
  const programme = await findProgramme(db, shop.id);
  if (!programme) return { hasProgramme: false as const };
  return {
    hasProgramme: true as const,
    membership: programme.membership,
    isOff: programme.state === "off",
    holdOut: programme.holdOut,
    told: tellReturn(db, shop, programme, now),
  };
}

/** Those drawn are told as long as they were ever drawn; members beside others only where nobody was. */
async function tellReturn(db: Database, shop: Shop, { holdOut }: Programme, now: number) {
  const calendar = shopCalendar(shop.timeZone);
  const members = await membersGiven(db, shop, holdOut?.since ?? null);
  const { included } = revenueSwitches(shop);
  const asked = { members, today: calendar.dayOf(now), included, cost: await pointsCost(db, shop) };
  if (holdOut) {
    const answer = await shopMetrics(db.url, shop.id, {
      question: "programmeEffect",
      options: {
        ...{ ...asked, key: holdOut.key, share: holdOut.basisPoints / 10_000 },
        startedDay: calendar.dayOf(holdOut.since),
        endedDay: holdOut.until === null ? null : calendar.dayOf(holdOut.until),
      },
    });
    if (!answer) throw new Error("the shop has gone");
    return { way: "drawn" as const, knowsCost: asked.cost !== null, ...answer.figures };
  }
  const answer = await shopMetrics(db.url, shop.id, { question: "matchedComparison", options: asked });
  if (!answer) throw new Error("the shop has gone");
  return { way: "matched" as const, knowsCost: asked.cost !== null, ...answer.figures };
}

type ToldReturn = Awaited<ReturnType<typeof tellReturn>>;

/** Whoever joined before the comparison began was a member already, and counts as of the day before, also where it was the same day. */
async function membersGiven(
  db: Database,
  { id, timeZone }: Shop,
  since: number | null,
): Promise<MembersGiven> {
  const calendar = shopCalendar(timeZone);
  const dayBefore = since === null ? Infinity : calendar.dayOf(since) - 1;
  const customerIds: number[] = [];
  const joinedDays: number[] = [];
  for await (const rows of joinedCustomers(db, id)) {
    for (const { customerId, joinedAt } of rows) {
      customerIds.push(customerId);
      const day = calendar.dayOf(joinedAt);
      joinedDays.push(since !== null && joinedAt < since ? Math.min(day, dayBefore) : day);
    }
  }
  return { customerIds: Float64Array.from(customerIds), joinedDays: Int32Array.from(joinedDays) };
}

const figureNames = [
  "Net sales per customer",
  "Margin per customer after the programme",
  "Share who ordered",
] as const;

export const RETURN_EXPORTS: readonly ExportTable[] = [
  {
    name: "programme-return",
    usual: null,
    async load(db, shop) {
      const { currency } = shop;
      const opened = await openReturn(db, shop);
      const told = opened.hasProgramme ? await opened.told : null;
      return {
        headings: [
          ...["Way", "Told on", "Figure", `Unit`, "Difference", "95% interval, from", "95% interval, to"],
          "Customers told by",
        ],
        rows: told ? rowsOf(told, currency) : [],
      };
    },
  },
];

function rowsOf(told: ToldReturn, currency: string): CsvRow[] {
  const cell = (value: number, isShare: boolean): CsvCell =>
    isShare ? Number(value.toFixed(6)) : moneyCell(roundHalfAway(value), currency);
  const line = (way: string, day: string, figure: number, estimate: Estimate | null, by: number): CsvRow => {
    const isShare = figure === 2;
    const { difference, low, high } = estimate ?? {};
    const values = [difference, low, high].map((value) =>
      value === undefined ? null : cell(value, isShare),
    );
    return [way, day, figureNames[figure] ?? "", isShare ? "of 1" : currency, ...values, by];
  };
  if (told.way === "matched") {
    const of = (way: string, outcome: MatchedOutcome) =>
      [0, 1, 2].map((figure) =>
        line(
          way,
          "",
          figure,
          outcome.ok ? ([outcome.revenue, outcome.margin, outcome.repeat][figure] ?? null) : null,
          outcome.matched,
        ),
      );
    return [...of("matched", told.after), ...of("matched, before joining", told.placebo)];
  }
  const { revenue, margin, repeat, observed, looks } = told;
  const estimate = (outcome: EffectOutcome | null) => (outcome?.ok ? outcome.effect : null);
  return [
    ...[revenue, margin, repeat].map((outcome, figure) =>
      line("drawn", "", figure, estimate(outcome), observed),
    ),
    ...looks.map(({ day, outcome, observed: by }) => line("drawn", isoDate(day), 0, estimate(outcome), by)),
  ];
}
