/** Multipliers, promotions and bonus products as they are being typed: words in fields until they make sense. */
import { dayFromIso, isoDate, shopCalendar, startOfDay } from "../../core/calendar.ts";
import type { EarningRules, Match } from "../../core/loyalty/programme.ts";
import { RULE_BOUNDS } from "../../core/loyalty/rule-bounds.ts";

export interface TypedMatch {
  productIds: readonly number[];
  collectionIds: readonly number[];
  channels: readonly string[];
  /** Codes with commas between them. */
  countries: string;
}

export interface TypedMultiplier {
  /** Stays while others come and go. */
  key: number;
  factor: string;
  match: TypedMatch;
}

export interface TypedEvent extends TypedMultiplier {
  name: string;
  /** Days of the shop, both within it. */
  firstDay: string;
  lastDay: string;
}

export interface TypedBonus {
  productId: number;
  points: string;
}

export interface TypedSpecials {
  multipliers: readonly TypedMultiplier[];
  events: readonly TypedEvent[];
  bonusProducts: readonly TypedBonus[];
}

type Specials = Pick<EarningRules, "multipliers" | "events" | "bonusProducts">;

export const ANYTHING: TypedMatch = { productIds: [], collectionIds: [], channels: [], countries: "" };

export function typedSpecials({ multipliers, events, bonusProducts }: Specials, zone: string): TypedSpecials {
  const calendar = shopCalendar(zone);
  const day = (at: number) => isoDate(calendar.dayOf(at));
  const typed = ({ factorPercent, match }: { factorPercent: number; match: Match }, key: number) => ({
    ...{ key, factor: String(factorPercent / 100), match: typedMatch(match) },
  });
  return {
    multipliers: multipliers.map(typed),
    events: events.map((event, key) => ({
      ...{ ...typed(event, key), name: event.name },
      ...{ firstDay: day(event.startsAt), lastDay: day(event.endsAt - 1) },
    })),
    bonusProducts: bonusProducts.map(({ productId, points }) => ({ productId, points: String(points) })),
  };
}

function typedMatch({ productIds, collectionIds, channels, countries }: Match): TypedMatch {
  return {
    productIds: productIds ?? [],
    collectionIds: collectionIds ?? [],
    channels: channels ?? [],
    countries: (countries ?? []).join(", "),
  };
}

/** What is wrong, by the field that it stands in. */
export type SpecialFaults = Readonly<Record<string, string>>;

export const faultKey = {
  multiplier: (key: number, field: "factor" | "countries") => `multiplier/${key}/${field}`,
  event: (key: number, field: "name" | "factor" | "countries" | "firstDay" | "lastDay") =>
    `event/${key}/${field}`,
  bonus: (productId: number) => `bonus/${productId}`,
};

export function readSpecials(
  { multipliers, events, bonusProducts }: TypedSpecials,
  zone: string,
): { specials: Specials; faults: SpecialFaults } {
  const faults: Record<string, string> = {};
  const calendar = shopCalendar(zone);
  const factorOf = (text: string, field: string) => {
    const percent = percentOf(text);
    if (percent === null) faults[field] = "A number from 0 to 100, such as 2 or 1.5";
    return percent ?? 100;
  };
  const matchOf = ({ countries: text, ...chosen }: TypedMatch, field: string): Match => {
    const countries = countriesOf(text);
    if (countries === null) faults[field] = "Codes of two letters, such as DE, AT";
    return {
      ...(chosen.productIds.length > 0 && { productIds: chosen.productIds }),
      ...(chosen.collectionIds.length > 0 && { collectionIds: chosen.collectionIds }),
      ...(chosen.channels.length > 0 && { channels: chosen.channels }),
      ...(countries && countries.length > 0 && { countries }),
    };
  };
  const momentOf = (text: string, field: string, later: number) => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)))
      return startOfDay(dayFromIso(text) + later, calendar);
    faults[field] = "A day";
    return 0;
  };
  const specials = {
    multipliers: multipliers.map(({ key, factor, match }) => ({
      factorPercent: factorOf(factor, faultKey.multiplier(key, "factor")),
      match: matchOf(match, faultKey.multiplier(key, "countries")),
    })),
    events: events.map(({ key, name, factor, match, firstDay, lastDay }) => {
      if (name.trim() === "") faults[faultKey.event(key, "name")] = "A name, such as Spring weekend";
      const startsAt = momentOf(firstDay, faultKey.event(key, "firstDay"), 0);
      const endsAt = momentOf(lastDay, faultKey.event(key, "lastDay"), 1);
      if (endsAt <= startsAt) faults[faultKey.event(key, "lastDay")] ??= "Not before the first day";
      return {
        ...{ name: name.trim(), startsAt, endsAt },
        factorPercent: factorOf(factor, faultKey.event(key, "factor")),
        match: matchOf(match, faultKey.event(key, "countries")),
      };
    }),
    bonusProducts: bonusProducts.map(({ productId, points: text }) => {
      const { least, most } = RULE_BOUNDS.bonusPoints;
      const points = /^\d{1,7}$/.test(text.trim()) ? Number(text) : 0;
      if (points < least || points > most) {
        faults[faultKey.bonus(productId)] = `A whole number from ${least} to ${most}`;
      }
      return { productId, points };
    }),
  };
  return { specials, faults };
}

function percentOf(text: string): number | null {
  const typed = text.trim().replace(",", ".");
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(typed)) return null;
  const percent = Math.round(Number(typed) * 100);
  return percent <= RULE_BOUNDS.factorPercent.most ? percent : null;
}

function countriesOf(text: string): string[] | null {
  const codes = text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  const { most } = RULE_BOUNDS.matched;
  return codes.length <= most && codes.every((code) => /^[A-Z]{2}$/.test(code)) ? [...new Set(codes)] : null;
}
