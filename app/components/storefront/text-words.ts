/** How the storefront's texts are named and explained to the merchant. */
import {
  LONGEST_TEXT,
  numbersOfForm,
  ONLY_FORM,
  type Samples,
  type TextFault,
} from "../../core/storefront/texts.ts";

export const LANGUAGE_NAMES = [
  { value: "en", label: "English" },
  { value: "pl", label: "Polish (polski)" },
  { value: "ru", label: "Russian (русский)" },
  { value: "th", label: "Thai (ไทย)" },
  { value: "ja", label: "Japanese (日本語)" },
  { value: "lv", label: "Latvian (latviešu)" },
];

/** By the first part of their keys. */
const PARTS: Readonly<Record<string, string>> = {
  points: "Points of a member",
  tier: "A member's tier",
  guest: "Guests",
  rate: "What money earns",
  earn: "On the product page",
  cart: "In the cart",
  rewards: "Rewards",
  action: "While something is done",
  recommendations: "Recommendations",
  how: "How it works",
  ways: "Other ways to earn",
  referral: "Bring a friend",
  profile: "Birthday",
  launcher: "The button on every page",
};

export function partOf(key: string): string {
  const [part = ""] = key.split(".");
  return PARTS[part] ?? part;
}

/** Which numbers take a form: some of them, in the language's own rules. */
export function formLabel(language: string, form: string): string {
  if (form === ONLY_FORM) return "Text";
  const numbers = numbersOfForm(language, form);
  return numbers.length > 0 ? `For ${numbers.join(", ")} …` : "For fractions and all else";
}

/** A form's own number, and something for every other variable. */
export function samplesFor(language: string, form: string, currency: string): Samples {
  const number = numbersOfForm(language, form, 1)[0] ?? 1.5;
  return {
    points: new Intl.NumberFormat(language).format(form === ONLY_FORM ? 120 : number),
    amount: new Intl.NumberFormat(language, { style: "currency", currency }).format(10),
    date: new Intl.DateTimeFormat(language, {
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    }).format(Date.UTC(2027, 0, 31)),
    factor: "2",
    product: "Green tea",
    reward: "Free shipping",
    tier: "Gold",
  };
}

export function faultInWords(fault: TextFault): string {
  switch (fault.is) {
    case "empty":
      return "Write something here";
    case "too-long":
      return `At most ${LONGEST_TEXT} characters`;
    case "markup":
      return "Plain words only: no < or >, and braces only around the variables";
    case "line-break":
      return "All on one line";
    case "variable-missing":
      return `Keep {{ ${fault.name} }}: a shopper sees the figure there`;
    case "variable-unknown":
      return `There is no {{ ${fault.name} }} here`;
    case "parts":
      return `${fault.count} names, with commas between them`;
  }
}
