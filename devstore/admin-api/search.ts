/**
 * Shopify's search syntax: `field:value`, comparators, quotes, AND (also by standing beside), OR, NOT and parentheses. A query
 * compiles to a predicate; a field that is not modelled is refused loudly, because Shopify would ignore or apply it.
 */
import { badRequest, notSimulated } from "./errors.ts";
import { parseSearchTime } from "./time.ts";

type Comparator = ":" | "<" | "<=" | ">" | ">=";
export type Predicate<T> = (item: T) => boolean;

/** Makes the predicate of one `field:value` of a resource; `null` where the value makes no sense for the field. */
export type Filter<T> = (comparator: Comparator, value: string, timeZone: string) => Predicate<T> | null;
export type Filters<T> = Readonly<Record<string, Filter<T>>>;

type Token =
  | { kind: "and" | "close" | "not" | "open" | "or" }
  | { kind: "term"; field: string; comparator: Comparator; value: string };

/** Filters by a time. Shopify keeps seconds, so the items' times are compared in seconds as well. */
export function timeFilter<T>(read: (item: T) => number | null): Filter<T> {
  return (comparator, text, timeZone) => {
    const value = parseSearchTime(text, timeZone);
    if (!value) return null;
    const at = (item: T) => {
      const ms = read(item);
      return ms === null ? NaN : Math.floor(ms / 1000) * 1000;
    };
    switch (comparator) {
      case ":":
        return (item) => at(item) >= value.from && at(item) < value.until;
      case "<":
        return (item) => at(item) < value.from;
      case "<=":
        return (item) => at(item) < value.until;
      case ">":
        return (item) => at(item) >= value.until;
      case ">=":
        return (item) => at(item) >= value.from;
    }
  };
}

export function numberFilter<T>(read: (item: T) => number | null): Filter<T> {
  return (comparator, text) => {
    const value = Number(text.replace(/^gid:\/\/shopify\/\w+\//, ""));
    if (text === "" || Number.isNaN(value)) return null;
    const at = (item: T) => read(item) ?? NaN;
    switch (comparator) {
      case ":":
        return (item) => at(item) === value;
      case "<":
        return (item) => at(item) < value;
      case "<=":
        return (item) => at(item) <= value;
      case ">":
        return (item) => at(item) > value;
      case ">=":
        return (item) => at(item) >= value;
    }
  };
}

/** Equality of texts, without case. `read` may name several, one of which must match. */
export function textFilter<T>(read: (item: T) => string | null | readonly string[]): Filter<T> {
  return (comparator, text) => {
    if (comparator !== ":" || text.includes("*")) return null;
    const value = text.toLowerCase();
    return (item) => {
      const found = read(item);
      if (found === null) return false;
      return typeof found === "string"
        ? found.toLowerCase() === value
        : found.some((one) => one.toLowerCase() === value);
    };
  };
}

export function flagFilter<T>(read: (item: T) => boolean): Filter<T> {
  return (comparator, text) => {
    if (comparator !== ":" || !/^(true|false)$/i.test(text)) return null;
    const value = text.toLowerCase() === "true";
    return (item) => read(item) === value;
  };
}

/**
 * Words without a field: each must be a word of one of the texts, whatever its case; a star at its end takes any word that begins
 * so, and a quoted phrase wants its words side by side. Texts are split into words at all but letters and digits.
 */
export function wordsFilter<T>(read: (item: T) => readonly (string | null)[]): Filter<T> {
  return (comparator, text) => {
    const isPrefix = text.endsWith("*");
    const wanted = wordsOf(text);
    if (comparator !== ":" || wanted.length === 0 || text.slice(0, -1).includes("*")) return null;
    return (item) => read(item).some((one) => one !== null && hasPhrase(wordsOf(one), wanted, isPrefix));
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function hasPhrase(words: readonly string[], wanted: readonly string[], isPrefix: boolean): boolean {
  const isAt = (from: number) =>
    wanted.every((word, index) =>
      isPrefix && index === wanted.length - 1
        ? words[from + index]?.startsWith(word)
        : words[from + index] === word,
    );
  return words.some((_, from) => isAt(from));
}

/** Compiles a query; an empty one matches everything. */
export function compileSearch<T>(
  query: string | null | undefined,
  resource: string,
  filters: Filters<T>,
  timeZone: string,
): Predicate<T> {
  const tokens = tokenize(query ?? "");
  if (tokens.length === 0) return () => true;
  let position = 0;
  const peek = () => tokens[position];

  function anyOf(): Predicate<T> {
    const parts = [allOf()];
    while (peek()?.kind === "or") {
      position += 1;
      parts.push(allOf());
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : (item) => parts.some((part) => part(item));
  }

  function allOf(): Predicate<T> {
    const parts = [one()];
    for (let next = peek(); next && next.kind !== "or" && next.kind !== "close"; next = peek()) {
      if (next.kind === "and") position += 1;
      parts.push(one());
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : (item) => parts.every((part) => part(item));
  }

  function one(): Predicate<T> {
    const token = peek();
    position += 1;
    if (token?.kind === "not") {
      const inner = one();
      return (item) => !inner(item);
    }
    if (token?.kind === "open") {
      const inner = anyOf();
      if (peek()?.kind !== "close") throw badRequest(`Invalid search query: ${query}`);
      position += 1;
      return inner;
    }
    if (token?.kind !== "term") throw badRequest(`Invalid search query: ${query}`);
    const filter = filters[token.field];
    const predicate = filter?.(token.comparator, token.value, timeZone);
    if (predicate) return predicate;
    throw notSimulated(
      filter
        ? `Search filter ${resource} ${token.field}${token.comparator}${token.value}`
        : `Search filter ${resource}.${token.field}`,
    );
  }

  const predicate = anyOf();
  if (position !== tokens.length) throw badRequest(`Invalid search query: ${query}`);
  return predicate;
}

/** The times within which a field must lie for the query to match; `null` where the query does not say so plainly. */
export function timeSpan(
  query: string | null | undefined,
  field: string,
  timeZone: string,
): { from: number; until: number } | null {
  const span = { from: -Infinity, until: Infinity };
  for (const token of tokenize(query ?? "")) {
    if (token.kind === "and") continue;
    if (token.kind !== "term") return null;
    const value = token.field === field ? parseSearchTime(token.value, timeZone) : null;
    if (!value) continue;
    if (token.comparator === ":" || token.comparator === ">=") span.from = Math.max(span.from, value.from);
    if (token.comparator === "<") span.until = Math.min(span.until, value.from);
  }
  return span.from === -Infinity && span.until === Infinity ? null : span;
}

const TERM = /^(?:([a-zA-Z_][\w.]*):)?(<=|>=|<|>)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s()]+))/;

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let rest = query.trim();
  while (rest !== "") {
    const parenthesis = rest[0];
    const word = /^(AND|OR|NOT)(?=[\s(]|$)/.exec(rest);
    if (parenthesis === "(" || parenthesis === ")") {
      tokens.push({ kind: parenthesis === "(" ? "open" : "close" });
      rest = rest.slice(1).trimStart();
    } else if (word) {
      tokens.push({ kind: word[0] === "AND" ? "and" : word[0] === "OR" ? "or" : "not" });
      rest = rest.slice(word[0].length).trimStart();
    } else if (rest.startsWith("-")) {
      tokens.push({ kind: "not" });
      rest = rest.slice(1);
    } else {
      const match = TERM.exec(rest);
      if (!match) throw badRequest(`Invalid search query: ${query}`);
      const [whole, field = "", comparator = ":", double, single, bare = ""] = match;
      const value = (double ?? single ?? bare).replace(/\\(.)/g, "$1");
      tokens.push({ kind: "term", field: field || "default", comparator: comparator as Comparator, value });
      rest = rest.slice(whole.length).trimStart();
    }
  }
  return tokens;
}
