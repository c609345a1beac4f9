/** The settings as their form sends them, checked: each fault named in words beside its field. */
import { z } from "zod";
import type { Included, RefundBasis } from "../../core/metrics/amounts.ts";
import { isOwnTag } from "../../core/segments/segment-tag.ts";

export interface Settings {
  included: Included;
  basis: RefundBasis;
  flatMarginBasisPoints: number | null;
  excludedTags: string[];
}

export interface SettingsInput {
  settings: Settings;
  /** The version of the settings that the form was filled from. */
  version: number;
}

type SettingsField = "refundBasis" | "flatMarginPercent" | "excludedTags" | "version";

export type ParsedSettings =
  { ok: true; input: SettingsInput } | { ok: false; errors: Partial<Record<SettingsField, string>> };

const MOST_TAGS = 25;
/** Shopify's own bound. */
const LONGEST_TAG = 40;

const checkbox = z.literal("on").optional();

const form = z.object({
  countsTax: checkbox,
  countsShipping: checkbox,
  countsGiftCards: checkbox,
  refundBasis: z.enum(["order date", "refund date"], { error: "Choose one of the two." }),
  flatMarginPercent: z
    .string()
    .trim()
    .regex(/^(\d{1,3}([.,]\d{1,2})?)?$/, { error: "Write a number such as 35 or 35.5, or leave it empty." })
    .transform(basisPoints)
    .refine((points) => points === null || points <= 10_000, { error: "A margin is at most 100%." }),
  excludedTags: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(LONGEST_TAG, { error: `A tag has at most ${LONGEST_TAG} characters.` })
        .refine((tag) => !isOwnTag(tag), { error: "Tags of Perennial's own segments leave nobody out." }),
    )
    .max(MOST_TAGS, { error: `At most ${MOST_TAGS} tags.` })
    .transform(distinct),
  version: z.coerce.number().int().min(0),
});

export function parseSettings(data: FormData): ParsedSettings {
  const parsed = form.safeParse({ ...Object.fromEntries(data), excludedTags: data.getAll("excludedTag") });
  if (!parsed.success) return { ok: false, errors: faultsOf(parsed.error) };
  const {
    countsTax,
    countsShipping,
    countsGiftCards,
    refundBasis,
    flatMarginPercent,
    excludedTags,
    version,
  } = parsed.data;
  const included = {
    tax: countsTax === "on",
    shipping: countsShipping === "on",
    giftCards: countsGiftCards === "on",
  };
  const settings = { included, basis: refundBasis, flatMarginBasisPoints: flatMarginPercent, excludedTags };
  return { ok: true, input: { settings, version } };
}

/** Hundredths of a percent, without floating point; both decimal signs are known. */
function basisPoints(percent: string): number | null {
  if (percent === "") return null;
  const [whole = "0", fraction = ""] = percent.split(/[.,]/);
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}

/** Shopify takes tags that differ only in case for one. */
function distinct(tags: string[]): string[] {
  const seen = new Map<string, string>();
  for (const tag of tags) if (!seen.has(tag.toLowerCase())) seen.set(tag.toLowerCase(), tag);
  return [...seen.values()];
}

function faultsOf(error: z.ZodError): Partial<Record<SettingsField, string>> {
  const faults: Partial<Record<SettingsField, string>> = {};
  for (const { path, message } of error.issues) {
    const field = path[0] as SettingsField;
    faults[field] ??= message;
  }
  return faults;
}
