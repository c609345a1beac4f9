/** The texts that the merchant has changed, as the theme finds them in the app's own data. */
import { publishedTexts } from "../../core/storefront/texts.ts";
import { changedTexts } from "../../db/stores/storefront-texts.server.ts";
import type { Reading } from "../../db/types.ts";

/** By language and key; a language without changes is missing. */
export async function ownTexts(db: Reading, shopId: number): Promise<Record<string, Record<string, string>>> {
  const own: Record<string, Record<string, string>> = {};
  for (const { language, key, forms } of await changedTexts(db, shopId))
    if (forms) own[language] = { ...own[language], ...publishedTexts({ [key]: forms }) };
  return own;
}
