/** Reads the period, the comparison and the shop's switches of a page from its address; a bad value falls back and says so. */
import { z } from "zod";
import { dayFromIso, isoDate, shopCalendar } from "../../core/calendar.ts";
import {
  COMPARE_KINDS,
  EARLIEST_DAY,
  PRESETS,
  comparedPeriod,
  defaultPreset,
  presetPeriod,
  type Bounds,
  type Preset,
  type View,
} from "../../core/metrics/view.ts";
import type { Period } from "../../core/metrics/period.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import { revenueSwitches } from "./revenue-switches.ts";

const preset = z.enum([...PRESETS, "custom"]);
const compareKind = z.enum(COMPARE_KINDS);
const day = z.iso.date().transform((date) => dayFromIso(date));

type ViewedShop = Pick<Shop, "timeZone" | "countsTax" | "countsShipping" | "countsGiftCards" | "refundBasis">;

/** The usual period of pages that have none of their own. */
export const USUAL_PERIOD = "last-30-days" satisfies Preset;

/** `usual` is the period of a page whose address names none. */
export function readView(
  request: Request,
  shop: ViewedShop,
  bounds: Bounds,
  now = Date.now(),
  usual: Preset = USUAL_PERIOD,
): View {
  const { searchParams } = new URL(request.url);
  const today = shopCalendar(shop.timeZone).dayOf(now);
  const chosen = readPeriod(searchParams, today, bounds, defaultPreset(usual, today, bounds));
  const asked = searchParams.get("compare");
  const kind = compareKind.safeParse(asked ?? "preceding");
  const notices = [
    chosen.notice,
    kind.success ? null : "The comparison in the address is not one we know, so the period before is shown.",
  ];
  const kindShown = kind.success ? kind.data : "preceding";
  return {
    preset: chosen.preset,
    period: chosen.period,
    compareKind: kindShown,
    compare: comparedPeriod(chosen.preset, chosen.period, kindShown, today),
    ...revenueSwitches(shop),
    today,
    notice: notices.filter(Boolean).join(" ") || null,
  };
}

interface ReadPeriod {
  preset: Preset | "custom";
  period: Period;
  notice: string | null;
}

function readPeriod(
  parameters: URLSearchParams,
  today: number,
  bounds: Bounds,
  fallback: Preset,
): ReadPeriod {
  const byDefault = (notice: string | null): ReadPeriod => ({
    preset: fallback,
    period: presetPeriod(fallback, today, bounds),
    notice,
  });
  const asked = parameters.get("period");
  if (asked === null) return byDefault(null);
  const known = preset.safeParse(asked);
  if (!known.success) return byDefault("The period in the address is not one we know.");
  if (known.data !== "custom") {
    return { preset: known.data, period: presetPeriod(known.data, today, bounds), notice: null };
  }

  const from = day.safeParse(parameters.get("from"));
  const to = day.safeParse(parameters.get("to"));
  if (!from.success || !to.success) return byDefault("The dates in the address are not dates.");
  if (to.data < from.data) return byDefault("The dates in the address end before they start.");
  if (from.data < EARLIEST_DAY || from.data > today) {
    return byDefault(`Choose dates between ${isoDate(EARLIEST_DAY)} and today.`);
  }
  return {
    preset: "custom",
    period: { firstDay: from.data, lastDay: Math.min(to.data, today) },
    notice: to.data > today ? "The period ends today: later days have not come yet." : null,
  };
}
