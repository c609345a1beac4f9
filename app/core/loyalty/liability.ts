/**
 * How many of the points that are outstanding will be redeemed, and when: their survival by age, as the programme's own ledger has seen it.
 *
 * Redemption is one of two ends of a point; expiry is the other, and its time is known in advance. So the chance of redemption at an age
 * is estimated from points that were still open at that age, and expiry ends the watching as censoring does: the actuarial life table
 * (Cutler and Ederer, 1958, Journal of Chronic Diseases 8, 699-712), weighted by points, with h(k) = d(k) / (n(k) - c(k) / 2), where of n(k) points that
 * began their k-th calendar month after the one in which they came, d(k) were redeemed in it and c(k) left it otherwise (expired, or taken back with
 * an order). In the month of coming, n(0) is what came. Points with e months to go until their expiry are then redeemed with chance
 * 1 - product of (1 - h) over the ages still before them, the last with half a month; what is not is breakage. Ages that nobody has reached yet have the rate of the last
 * six that were; points that never expire are followed for 60 months.
 *
 * Points of one member go together, and Greenwood's variance would take them for independent. The interval is the delete-a-group jackknife's over
 * members (Kott, 2001, Journal of Official Statistics 17, 521-526): with each of G = 20 groups left out in turn, the variance is (G - 1) / G times the sum of squared
 * deviations from the estimate, on the logit scale for shares and on the log scale for points, and the 95% interval takes Student's t with 19
 * degrees. It is an interval of what is expected, not of what single members will do.
 *
 * Worked example: of 1,000 points that came in January, 100 were redeemed in January, 180 of 900 in February and 72 of 720 in March, when another 100
 * came. h = 100 / 1,100, .2 and .1; later ages have r = (100 + 180 + 72) / (1,100 + 900 + 720). At the end of March 648 + 100 points are open. If all expire
 * in May, 648 (1 - (1 - r)^1.5) + 100 (1 - .8 x .9^.5) of them are redeemed.
 */
import { MEMBER_GROUPS, openPoints, type PointsCell, type PointsMonth } from "./points-month.ts";

export interface Estimate {
  mean: number;
  /** 95% interval. */
  low: number;
  high: number;
}

export interface LiabilityMonth {
  month: number;
  entered: number;
  redeemed: number;
  expired: number;
  withdrawn: number;
  /** Of what came in this month, what is still members'. */
  outstanding: number;
  /** Of that, what is expected to be redeemed; `null` while it is too early to tell. */
  expected: number | null;
}

export interface Liability {
  pending: number;
  available: number;
  /** What members have beyond what they owe, and what they owe. */
  outstanding: number;
  owed: number;
  /** Share of what is outstanding that is never redeemed; `null` while it is too early to tell, and where nothing is outstanding. */
  breakage: Estimate | null;
  tooEarly: TooEarly | null;
  expected: Estimate | null;
  expectedByMonth: ({ month: number } & Estimate)[];
  byMonth: LiabilityMonth[];
  /** Of points that have come, the share redeemed by each age in months. */
  redeemedByAge: { age: number; share: Estimate }[];
}

/** What there has to be before breakage is told, and how much of it there is. */
export interface TooEarly {
  redemptions: number;
  months: number;
  monthsWanted: number;
}

export interface AsOf {
  /** The calendar month that the state is of. */
  month: number;
  /** What of the month is still to come: 0 at its end, and then it counts as watched. */
  shareToCome: number;
}

export const REDEMPTIONS_WANTED = 30;
const MONTHS_WANTED = 3;
const GROUPS_WANTED = MEMBER_GROUPS / 2;
/** Ages whose rate stands in for those that nobody has reached. */
const LAST_AGES = 6;
/** How long points that never expire are followed. */
const LONGEST_MONTHS = 60;
const EXPECTED_MONTHS_SHOWN = 12;
const STUDENT_T_19 = 2.093_024_054;

/** `months` are in the order of time, none of them after `asOf.month`. */
export function liabilityOf(months: readonly PointsMonth[], asOf: AsOf): Liability {
  const told = months.filter(({ month }) => month <= asOf.month);
  const sum = (of: (month: PointsMonth) => number) => told.reduce((total, each) => total + of(each), 0);
  const cohorts = cohortsOf(told.flatMap(({ cells }) => cells));
  const pending = sum(({ pending }) => pending);
  const available = sum(({ available }) => available);
  const outstanding = pending + available;
  const table = lifeTables(told, asOf);
  const tooEarly = isTooEarly(told, table, cohorts, asOf);
  const estimated = tooEarly || outstanding === 0 ? null : estimate(table, cohorts, asOf);
  return {
    ...{ pending, available, outstanding, owed: sum(({ owed }) => owed), tooEarly },
    breakage: estimated && logit(estimated, ({ expected }) => 1 - share(expected, outstanding)),
    expected: estimated && scaled(estimated, ({ expected }) => share(expected, outstanding), outstanding),
    expectedByMonth: estimated ? monthsToCome(estimated, asOf) : [],
    byMonth: byMonth(cohorts, estimated?.whole ?? null),
    redeemedByAge: estimated ? redeemedByAge(table) : [],
  };
}

/** Points that came in one month and expire in one, in all groups. */
type Cohort = Omit<PointsCell, "group">;

function cohortsOf(cells: readonly PointsCell[]): Cohort[] {
  const cohorts = new Map<string, Cohort>();
  for (const { earned, expires, entered, redeemed, expired, withdrawn } of cells) {
    const key = `${earned}/${expires}`;
    const nothing = { entered: 0, redeemed: 0, expired: 0, withdrawn: 0 };
    const cohort = cohorts.get(key) ?? { earned, expires, ...nothing };
    cohort.entered += entered;
    cohort.redeemed += redeemed;
    cohort.expired += expired;
    cohort.withdrawn += withdrawn;
    cohorts.set(key, cohort);
  }
  return [...cohorts.values()].sort(
    (a, b) => a.earned - b.earned || (a.expires ?? Infinity) - (b.expires ?? Infinity),
  );
}

/** By age in months: points that began it, and what became of them; of all members and of each group. */
interface LifeTable {
  atRisk: number[];
  redeemed: number[];
  otherwise: number[];
}

interface LifeTables {
  whole: LifeTable;
  groups: LifeTable[];
}

function lifeTables(months: readonly PointsMonth[], { month: last, shareToCome }: AsOf): LifeTables {
  const watched = months.filter(({ month }) => month < last || shareToCome === 0);
  const lastWatched = shareToCome === 0 ? last : last - 1;
  const first = watched[0]?.month ?? last;
  const groups = Array.from({ length: MEMBER_GROUPS }, () =>
    emptyTable(Math.max(0, lastWatched - first + 1)),
  );
  const byMonth = new Map(watched.map((month) => [month.month, month]));
  // Points open at the beginning of a month, by group and month of coming.
  const open = groups.map(() => new Map<number, number>());
  for (let month = first; month <= lastWatched; month++) {
    for (const [group, cohorts] of open.entries()) {
      for (const [earned, points] of cohorts) add(groups[group]?.atRisk, month - earned, points);
    }
    for (const cell of byMonth.get(month)?.cells ?? []) {
      const { earned, group, entered, redeemed, expired, withdrawn } = cell;
      const table = groups[group];
      const cohorts = open[group];
      if (!table || !cohorts) throw new Error(`there is no group ${group}`);
      add(table.atRisk, month - earned, entered);
      add(table.redeemed, month - earned, redeemed);
      add(table.otherwise, month - earned, expired + withdrawn);
      cohorts.set(earned, (cohorts.get(earned) ?? 0) + openPoints(cell));
    }
  }
  return { whole: groups.reduce(plus, emptyTable(0)), groups };
}

function emptyTable(ages: number): LifeTable {
  const zeros = () => Array.from({ length: ages }, () => 0);
  return { atRisk: zeros(), redeemed: zeros(), otherwise: zeros() };
}

function add(to: number[] | undefined, age: number, points: number): void {
  if (to) to[age] = (to[age] ?? 0) + points;
}

function plus(a: LifeTable, b: LifeTable): LifeTable {
  return combined(a, b, 1);
}

function combined(a: LifeTable, b: LifeTable, times: number): LifeTable {
  const length = Math.max(a.atRisk.length, b.atRisk.length);
  const of = (name: keyof LifeTable) =>
    Array.from({ length }, (_, age) => (a[name][age] ?? 0) + times * (b[name][age] ?? 0));
  return { atRisk: of("atRisk"), redeemed: of("redeemed"), otherwise: of("otherwise") };
}

function isTooEarly(
  months: readonly PointsMonth[],
  { whole, groups }: LifeTables,
  cohorts: readonly Cohort[],
  asOf: AsOf,
): TooEarly | null {
  const redemptions = months.reduce((total, month) => total + month.redemptions, 0);
  const watched = whole.atRisk.length;
  const monthsWanted = Math.max(MONTHS_WANTED, Math.ceil(meanLife(cohorts, asOf) / 2));
  const inGroups = groups.filter(({ redeemed }) => redeemed.some((points) => points > 0)).length;
  const allHaveSome = groups.every(({ atRisk }) => atRisk.some((points) => points > 0));
  const isEnough = redemptions >= REDEMPTIONS_WANTED && inGroups >= GROUPS_WANTED && allHaveSome;
  return isEnough && watched >= monthsWanted ? null : { redemptions, months: watched, monthsWanted };
}

/** Months that the points outstanding live, from their coming to their expiry; those that never expire count as two years. */
function meanLife(cohorts: readonly Cohort[], { month }: AsOf): number {
  let months = 0;
  let points = 0;
  for (const cohort of cohorts) {
    const open = openPoints(cohort);
    if (cohort.expires !== null && cohort.expires < month) continue;
    months += open * (cohort.expires === null ? 24 : cohort.expires - cohort.earned);
    points += open;
  }
  return points > 0 ? months / points : 0;
}

/** Points expected to be redeemed: in all, by month from the present one on, and by cohort in the order of cohorts. */
interface Projection {
  expected: number;
  byMonth: number[];
  byCohort: number[];
}

interface Estimated {
  whole: Projection;
  /** Without each group in turn. */
  without: Projection[];
  cohorts: readonly Cohort[];
}

function estimate({ whole, groups }: LifeTables, cohorts: readonly Cohort[], asOf: AsOf): Estimated {
  const by = (table: LifeTable) => project(rateByAge(table), cohorts, asOf);
  return {
    whole: by(whole),
    without: groups.map((group) => by(combined(whole, group, -1))),
    cohorts,
  };
}

/** The chance of being redeemed within the month, by age. */
function rateByAge({ atRisk, redeemed, otherwise }: LifeTable): (age: number) => number {
  const ages = atRisk.length;
  const rate = (from: number, to: number) => {
    let events = 0;
    let watched = 0;
    for (let age = from; age < to; age++) {
      events += redeemed[age] ?? 0;
      watched += (atRisk[age] ?? 0) - (otherwise[age] ?? 0) / 2;
    }
    return watched > 0 ? Math.min(1, Math.max(0, events / watched)) : null;
  };
  const byAge = atRisk.map((_, age) => rate(age, age + 1));
  const later = rate(Math.max(0, ages - LAST_AGES), ages) ?? 0;
  return (age) => byAge[age] ?? later;
}

function project(
  rate: (age: number) => number,
  cohorts: readonly Cohort[],
  { month, shareToCome }: AsOf,
): Projection {
  const byMonth = Array.from({ length: LONGEST_MONTHS + 1 }, () => 0);
  const byCohort = cohorts.map((cohort) => {
    let open = openPoints(cohort);
    let expected = 0;
    const longest = shareToCome > 0 ? LONGEST_MONTHS - 1 : LONGEST_MONTHS;
    const last = Math.min((cohort.expires ?? Infinity) - month, longest);
    for (let ahead = 0; ahead <= last; ahead++) {
      const part = (ahead === 0 ? shareToCome : 1) * (month + ahead === cohort.expires ? 0.5 : 1);
      const redeemed = open * (1 - (1 - rate(month + ahead - cohort.earned)) ** part);
      byMonth[ahead] = (byMonth[ahead] ?? 0) + redeemed;
      expected += redeemed;
      open -= redeemed;
    }
    return expected;
  });
  return { expected: byCohort.reduce((total, points) => total + points, 0), byMonth, byCohort };
}

const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

/** A share with its interval, on the logit scale. */
function logit({ whole, without }: Pick<Estimated, "whole" | "without">, of: (each: Projection) => number) {
  return jackknife(of(whole), without.map(of), LOGIT);
}

function scaled(estimated: Estimated, of: (each: Projection) => number, times: number): Estimate {
  const { mean, low, high } = logit(estimated, of);
  return { mean: mean * times, low: low * times, high: high * times };
}

interface Scale {
  to(value: number): number;
  from(scaled: number): number;
}

const NEARLY = 1e-9;
const LOGIT: Scale = {
  to(value) {
    const inside = Math.min(1 - NEARLY, Math.max(NEARLY, value));
    return Math.log(inside / (1 - inside));
  },
  from: (scaled) => 1 / (1 + Math.exp(-scaled)),
};
const LOG: Scale = { to: (value) => Math.log(Math.max(NEARLY, value)), from: Math.exp };

function jackknife(mean: number, without: readonly number[], scale: Scale): Estimate {
  const at = scale.to(mean);
  const squares = without.reduce((total, value) => total + (scale.to(value) - at) ** 2, 0);
  const spread = STUDENT_T_19 * Math.sqrt(((without.length - 1) / without.length) * squares);
  if (spread === 0) return { mean, low: mean, high: mean };
  return { mean, low: scale.from(at - spread), high: scale.from(at + spread) };
}

function monthsToCome({ whole, without }: Estimated, { month, shareToCome }: AsOf) {
  const from = shareToCome > 0 ? 0 : 1;
  return whole.byMonth.slice(from, from + EXPECTED_MONTHS_SHOWN).map((points, index) => {
    const ahead = from + index;
    const others = without.map(({ byMonth }) => byMonth[ahead] ?? 0);
    return { month: month + ahead, ...jackknife(points, others, LOG) };
  });
}

function byMonth(cohorts: readonly Cohort[], projection: Projection | null): LiabilityMonth[] {
  const months = new Map<number, LiabilityMonth>();
  for (const [index, cohort] of cohorts.entries()) {
    const { earned, entered, redeemed, expired, withdrawn } = cohort;
    const nothing = { entered: 0, redeemed: 0, expired: 0, withdrawn: 0, outstanding: 0 };
    const month = months.get(earned) ?? { month: earned, ...nothing, expected: projection ? 0 : null };
    month.entered += entered;
    month.redeemed += redeemed;
    month.expired += expired;
    month.withdrawn += withdrawn;
    month.outstanding += openPoints(cohort);
    if (projection) month.expected = (month.expected ?? 0) + (projection.byCohort[index] ?? 0);
    months.set(earned, month);
  }
  return [...months.values()];
}

/** One less the survival against redemption alone: what would be redeemed by an age if nothing expired before. */
function redeemedByAge({ whole, groups }: LifeTables): Liability["redeemedByAge"] {
  const curve = (table: LifeTable) => {
    const rate = rateByAge(table);
    let open = 1;
    return whole.atRisk.map((_, age) => 1 - (open *= 1 - rate(age)));
  };
  const mean = curve(whole);
  const without = groups.map((group) => curve(combined(whole, group, -1)));
  return mean.map((value, age) => {
    const others = without.map((each) => each[age] ?? 0);
    return { age, share: jackknife(value, others, LOGIT) };
  });
}
