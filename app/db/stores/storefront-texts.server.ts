/** The storefront's texts as a merchant has changed them, each with what stood there before the last change. */
import type { TextForms } from "../../core/storefront/texts.ts";
import type { Reading, Transaction } from "../types.ts";

export interface ChangedText {
  language: string;
  key: string;
  /** `null`: the usual ones. */
  forms: TextForms | null;
  formsBefore: TextForms | null;
}

/** Of one language, or of all. */
export async function changedTexts(db: Reading, shopId: number, language?: string): Promise<ChangedText[]> {
  const where = { shopId, ...(language === undefined ? {} : { language }) };
  const rows = await db.prisma.storefrontText.findMany({
    where,
    orderBy: [{ language: "asc" }, { key: "asc" }],
  });
  return rows.map((row) => ({
    ...{ language: row.language, key: row.key },
    forms: formsFrom(row.forms),
    formsBefore: formsFrom(row.formsBefore),
  }));
}

export async function findChangedText(
  db: Reading,
  shopId: number,
  { language, key }: Pick<ChangedText, "language" | "key">,
): Promise<ChangedText | null> {
  const row = await db.prisma.storefrontText.findUnique({
    where: { shopId_language_key: { shopId, language, key } },
  });
  return row && { language, key, forms: formsFrom(row.forms), formsBefore: formsFrom(row.formsBefore) };
}

export async function saveChangedText(
  tx: Transaction,
  shopId: number,
  { language, key, forms, formsBefore }: ChangedText,
  at: number,
): Promise<void> {
  const facts = {
    forms: forms && JSON.stringify(forms),
    formsBefore: formsBefore && JSON.stringify(formsBefore),
    updatedAt: at,
  };
  await tx.prisma.storefrontText.upsert({
    where: { shopId_language_key: { shopId, language, key } },
    create: { shopId, language, key, ...facts },
    update: facts,
  });
}

/** Written by saveChangedText only. */
function formsFrom(text: string | null): TextForms | null {
  return text === null ? null : (JSON.parse(text) as TextForms);
}
