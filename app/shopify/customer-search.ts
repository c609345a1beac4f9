/** Turns what a merchant typed to find a customer into Shopify's search syntax. */
import { wordSearch, wordsOf } from "./word-search.ts";

/** `null`: nothing to look for. */
export function customerSearch(typed: string): string | null {
  const [only = "", ...others] = wordsOf(typed);
  // Ids stand beside customers in this app, so they are searched for as well.
  if (others.length === 0 && /^\d{1,16}$/.test(only)) return `(id:${only} OR ${only}*)`;
  return wordSearch(typed);
}
