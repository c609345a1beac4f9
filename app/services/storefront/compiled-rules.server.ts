/** The rules of the moment as the storefront reads them, or why they cannot be published. */
import { versionAt } from "../../core/loyalty/programme.ts";
import { compileRuleTable, type CompiledRules } from "../../core/loyalty/rule-table.ts";
import type { Programme } from "../../db/stores/programmes.server.ts";

/** `null`: there are none. */
export function compiledRules(programme: Programme | null, currency: string): CompiledRules | null {
  const now = Date.now();
  const rules = programme && versionAt(programme.versions, now)?.rules;
  return rules ? compileRuleTable(rules, currency, now) : null;
}
