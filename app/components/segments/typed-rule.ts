/** A rule as it is being typed: words in fields until they make sense. */
import { currencyDecimals, formatMinor, parseMinor } from "../../core/money.ts";
import {
  boundsOf,
  FACT_UNITS,
  type Condition,
  type Fact,
  type Comparison,
  type SegmentRule,
} from "../../core/segments/segment-rule.ts";

export interface TypedCondition {
  /** Stays while others come and go. */
  key: number;
  fact: Fact;
  is: Comparison;
  text: string;
}

export function typedRule(rule: SegmentRule, currency: string): TypedCondition[] {
  return rule.map((condition, key) => ({ ...condition, key, text: textOf(condition, currency) }));
}

function isMoney({ fact, is }: Pick<Condition, "fact" | "is">): boolean {
  return FACT_UNITS[fact] === "money" && is !== "highest";
}

function textOf(condition: Condition, currency: string): string {
  return isMoney(condition) ? formatMinor(condition.value, currency) : String(condition.value);
}

/** What is wrong with what was typed; `null`: nothing. */
export function faultOf(typed: TypedCondition, currency: string): string | null {
  if (valueOf(typed, currency) !== null) return null;
  const { least, most } = boundsOf(typed);
  if (!isMoney(typed)) return `A whole number from ${least} to ${most}`;
  return currencyDecimals(currency) === 0 ? "An amount such as 50" : "An amount such as 50 or 49.90";
}

/** `null`: something in it makes no sense yet. */
export function ruleOf(typed: readonly TypedCondition[], currency: string): SegmentRule | null {
  const rule = typed.flatMap((condition) => {
    const value = valueOf(condition, currency);
    return value === null ? [] : [{ fact: condition.fact, is: condition.is, value }];
  });
  return rule.length === typed.length && rule.length > 0 ? rule : null;
}

function valueOf(typed: TypedCondition, currency: string): number | null {
  const text = typed.text.trim();
  const isWritten = isMoney(typed) ? /^\d{1,12}(\.\d{1,3})?$/.test(text) : /^\d{1,6}$/.test(text);
  if (!isWritten) return null;
  const value = isMoney(typed) ? parseMinor(text, currency) : Number(text);
  const { least, most } = boundsOf(typed);
  return value >= least && value <= most ? value : null;
}
