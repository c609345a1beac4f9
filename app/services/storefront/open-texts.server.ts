/** The storefront's texts in one language, as they are and as they usually are. */
import { z } from "zod";
import type { TextForms } from "../../core/storefront/texts.ts";
import { changedTexts } from "../../db/stores/storefront-texts.server.ts";
import type { Shop } from "../../db/stores/shops.server.ts";
import type { Database } from "../../db/types.ts";
import { usualTexts } from "./usual-texts.server.ts";

export interface ShownText {
  key: string;
  usual: TextForms;
  /** The merchant's own, where there are. */
  own: TextForms | null;
  /** There is something to go back to. */
  canUndo: boolean;
  /** What it says, for whoever does not read the language. */
  english: string;
}

const languages = z.enum(["en", "pl", "ru", "th", "ja", "lv"]).catch("en");

export async function openTexts(db: Database, { id: shopId }: Pick<Shop, "id">, parameters: URLSearchParams) {
  const language = languages.parse(parameters.get("language") ?? "en");
  const changed = new Map((await changedTexts(db, shopId, language)).map((text) => [text.key, text]));
  const english = usualTexts().get("en") ?? {};
  const texts = Object.entries(usualTexts().get(language) ?? {}).map(([key, usual]): ShownText => {
    const text = changed.get(key);
    const own = text?.forms ?? null;
    const canUndo = text !== undefined && JSON.stringify(own) !== JSON.stringify(text.formsBefore);
    return { key, usual, own, canUndo, english: Object.values(english[key] ?? {}).at(-1) ?? "" };
  });
  return { language, texts };
}
