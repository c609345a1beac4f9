/** What a shopper reads who may not buy something, in their language. A function has no Intl, so days are written as 2027-05-31. */

interface Sentences {
  /** {product}, {tier} */
  only: string;
  login: string;
  /** {day} */
  later: string;
}

export const SENTENCES = {
  en: {
    only: "“{product}” is only for members in {tier} and above.",
    login: "Log in to buy it.",
    later: "You can buy it from {day} on.",
  },
  pl: {
    only: "„{product}” jest tylko dla członków od poziomu {tier} wzwyż.",
    login: "Zaloguj się, aby kupić ten produkt.",
    later: "Możesz go kupić od {day}.",
  },
  ru: {
    only: "«{product}» — только для участников уровня {tier} и выше.",
    login: "Войдите в аккаунт, чтобы купить этот товар.",
    later: "Вы сможете купить его с {day}.",
  },
  th: {
    only: "“{product}” สำหรับสมาชิกระดับ {tier} ขึ้นไปเท่านั้น",
    login: "เข้าสู่ระบบเพื่อซื้อสินค้านี้",
    later: "คุณซื้อได้ตั้งแต่วันที่ {day}",
  },
  ja: {
    only: "「{product}」は{tier}以上の会員限定です。",
    login: "購入するにはログインしてください。",
    later: "{day}から購入できます。",
  },
  lv: {
    only: "“{product}” ir tikai dalībniekiem no līmeņa {tier}.",
    login: "Piesakieties, lai to iegādātos.",
    later: "Jūs to varat iegādāties no {day}.",
  },
} as const satisfies Readonly<Record<string, Sentences>>;

/** `isoCode` as Shopify has it: `EN`, `PT_BR`. A language that is not ours reads English. */
export function refusalIn(
  isoCode: string,
  facts: { product: string; tier: string; isGuest: boolean; from: string | null },
): string {
  const language = isoCode.toLowerCase().split("_")[0] ?? "";
  const sentences: Sentences = Object.hasOwn(SENTENCES, language)
    ? SENTENCES[language as keyof typeof SENTENCES]
    : SENTENCES.en;
  const values: Readonly<Record<string, string>> = {
    product: facts.product,
    tier: facts.tier,
    day: facts.from ?? "",
  };
  const said = [
    sentences.only,
    ...(facts.isGuest ? [sentences.login] : []),
    ...(facts.from === null ? [] : [sentences.later]),
  ];
  return said
    .join(language === "ja" ? "" : " ")
    .replace(/\{(product|tier|day)\}/g, (_, name: string) => values[name] ?? "");
}
