/** Who may buy a product, as the form sends it, checked. */
import { z } from "zod";
import { dayFromIso, isoDate } from "../../core/calendar.ts";
import { ACCESS_BOUNDS, type AccessRule } from "../../core/loyalty/product-access.ts";

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => isoDate(dayFromIso(text)) === text);
const tierId = z.string().regex(/^[\w-]{1,64}$/);
const isDifferent = (ids: readonly (string | number)[]) => new Set(ids).size === ids.length;

const rule = z
  .object({
    steps: z
      .array(z.object({ tierId, from: day.nullable() }))
      .min(ACCESS_BOUNDS.steps.least)
      .max(ACCESS_BOUNDS.steps.most)
      .refine((steps) => isDifferent(steps.map((step) => step.tierId))),
    openFrom: day.nullable(),
  })
  // A tier that begins when everybody may has no access of its own.
  .refine(({ steps, openFrom }) => openFrom === null || steps.every(({ from }) => (from ?? "") < openFrom));

const productIds = z
  .array(z.number().int().positive())
  .min(1)
  .max(ACCESS_BOUNDS.products.most)
  .refine(isDifferent);

/** `null`: no such rule. */
export function parseAccess(text: string): AccessRule | null {
  return parsed(rule, text);
}

export function parseProductIds(text: string): number[] | null {
  return parsed(productIds, text);
}

function parsed<Value>(schema: z.ZodType<Value>, text: string): Value | null {
  try {
    const read = schema.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
