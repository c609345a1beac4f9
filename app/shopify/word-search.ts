/** Turns what a merchant typed into Shopify's search syntax, so that nothing typed can be taken for syntax. */

/** Enough for a name and an e-mail address. */
const MOST_WORDS = 8;

/** Without signs that stand for any ending, and what has nothing to look for. */
export function wordsOf(typed: string): string[] {
  return typed
    .split(/[\s*]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MOST_WORDS);
}

/**
 * Each word must be found. A word of letters and digits alone may be the beginning of a longer one where it comes last, because it may
 * still be being typed; any other is quoted, so that Shopify cuts it up just as it did the text that it is compared with. `null`: nothing to
 * look for.
 */
export function wordSearch(typed: string): string | null {
  const words = wordsOf(typed);
  if (words.length === 0) return null;
  return words.map((word, index) => searchTerm(word, index === words.length - 1)).join(" ");
}

function searchTerm(word: string, isLast: boolean): string {
  const isPlain = /^[\p{L}\p{N}]+$/u.test(word) && !/^(and|or|not)$/i.test(word);
  if (isPlain) return isLast ? `${word}*` : word;
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}
