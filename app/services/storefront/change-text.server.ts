/** Changes a text of the storefront, takes the last change of one back, or brings the usual text back. */
import { z } from "zod";
import { faultsOfForms, LONGEST_TEXT, tidyText, type TextForms } from "../../core/storefront/texts.ts";
import { publishProgrammeLater } from "../../db/stores/publications.server.ts";
import { findChangedText, saveChangedText } from "../../db/stores/storefront-texts.server.ts";
import { lockShop, type Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { failpoint } from "../../observability/failpoint.ts";
import { usualTexts } from "./usual-texts.server.ts";

const place = { language: z.string().max(5), key: z.string().max(60) };
const formsText = z
  .string()
  .max(6 * (LONGEST_TEXT + 20))
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue("no JSON");
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().max(5), z.string()));
const wish = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("save"), ...place, forms: formsText }),
  z.object({ intent: z.literal("undo"), ...place }),
  z.object({ intent: z.literal("reset"), ...place }),
]);

interface TextAnswer {
  ok: boolean;
  message: string;
}

/** `null`: nothing that can be asked. */
export async function changeText(
  db: Database,
  { id: shopId }: Pick<Shop, "id">,
  form: Record<string, unknown>,
): Promise<TextAnswer | null> {
  const asked = wish.safeParse(form);
  if (!asked.success) return null;
  const { language, key } = asked.data;
  const texts = usualTexts().get(language);
  const usual = texts && Object.hasOwn(texts, key) ? texts[key] : undefined;
  if (!usual) return null;
  const written = asked.data.intent === "save" ? tidied(asked.data.forms, usual) : null;
  if (written && Object.keys(faultsOfForms(written, usual)).length > 0)
    return { ok: false, message: "Some fields need another look" };
  const answer = await db.write(async (tx): Promise<TextAnswer> => {
    await lockShop(tx, shopId);
    const known = await findChangedText(tx, shopId, { language, key });
    if (asked.data.intent === "undo" && !known) return { ok: false, message: "There is nothing to undo" };
    const before = known?.forms ?? null;
    const forms = asked.data.intent === "undo" ? (known?.formsBefore ?? null) : written;
    if (same(before, forms)) return { ok: true, message: "This is the text already" };
    await saveChangedText(tx, shopId, { language, key, forms, formsBefore: before }, Date.now());
    await publishProgrammeLater(tx, shopId);
    failpoint("change-text:before-commit");
    return { ok: true, message: MESSAGES[asked.data.intent] };
  });
  failpoint("change-text:after-commit");
  return answer;
}

const MESSAGES = {
  save: "The text is saved",
  undo: "The last change is undone",
  reset: "The usual text is back",
} as const;

/** What is the usual text is none of the merchant's own. */
function tidied(forms: TextForms, usual: TextForms): TextForms | null {
  const texts = Object.keys(usual).map((form) => [form, tidyText(forms[form] ?? "")] as const);
  const own = Object.fromEntries(texts);
  return same(own, usual) ? null : own;
}

function same(one: TextForms | null, other: TextForms | null): boolean {
  const plain = (forms: TextForms | null) =>
    forms && Object.entries(forms).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}
