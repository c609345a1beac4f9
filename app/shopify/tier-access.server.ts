/** Whether carts are checked by our function (extensions/tier-access), and switching that on and off. */
import { failpoint } from "../observability/failpoint.ts";
import type { AdminClient } from "./admin-client.server.ts";
import { CREATE_VALIDATION, UPDATE_VALIDATION, VALIDATIONS } from "./operations/validations.ts";

const TIER_ACCESS = "tier-access";
const TITLE = "Products for tiers only";

/** Optional scopes of shopify.app.toml. */
const VALIDATION_SCOPES = ["read_validations", "write_validations"] as const;

export function missingValidationScopes({ scopes }: { scopes: string }): string[] {
  const granted = new Set(scopes.split(",").map((scope) => scope.trim()));
  return VALIDATION_SCOPES.filter((scope) => !granted.has(scope));
}

/** `not-deployed`: the app came without the function. */
export type Enforcement = "not-deployed" | "off" | "on";

export async function enforcement(client: AdminClient): Promise<Enforcement> {
  const { isDeployed, ours } = await look(client);
  if (!isDeployed) return "not-deployed";
  return ours.some(({ enabled }) => enabled) ? "on" : "off";
}

export type Enforced = { ok: true } | { ok: false; codes: string[] };

/** Looked for before it is made: a wish that is repeated finds the validation of the first. A function that fails keeps nobody from buying. */
export async function enforce(client: AdminClient, enable: boolean): Promise<Enforced> {
  failpoint("tier-access:before-look");
  const { isDeployed, ours } = await look(client);
  if (enable && !isDeployed) return { ok: false, codes: ["FUNCTION_NOT_FOUND"] };
  const validation = { enable, blockOnFailure: false, title: TITLE };
  if (ours.length === 0) {
    if (!enable) return { ok: true };
    const created = await client.request(CREATE_VALIDATION, {
      validation: { ...validation, functionHandle: TIER_ACCESS },
    });
    failpoint("tier-access:after-create");
    return outcome(created.validationCreate?.userErrors ?? []);
  }
  // Of several, which two wishes at once can make, one is enough.
  const wanted = ours.map(({ id, enabled }, place) => ({ id, enabled, isOn: enable && place === 0 }));
  for (const { id, isOn } of wanted.filter(({ enabled, isOn }) => enabled !== isOn)) {
    const updated = await client.request(UPDATE_VALIDATION, {
      id,
      validation: { ...validation, enable: isOn },
    });
    failpoint("tier-access:after-update");
    const refused = outcome(updated.validationUpdate?.userErrors ?? []);
    if (!refused.ok) return refused;
  }
  return { ok: true };
}

function outcome(errors: readonly { code?: string | null }[]): Enforced {
  return errors.length === 0 ? { ok: true } : { ok: false, codes: errors.map(({ code }) => code ?? "") };
}

async function look(client: AdminClient) {
  const { shopifyFunctions, validations } = await client.request(VALIDATIONS);
  return {
    isDeployed: shopifyFunctions.nodes.some(({ handle }) => handle === TIER_ACCESS),
    ours: validations.nodes.filter(({ shopifyFunction }) => shopifyFunction.handle === TIER_ACCESS),
  };
}
