/** Access scopes: what Shopify's schema says that a type or field needs, checked as fields are answered. */
import { getNamedType, isObjectType, type GraphQLObjectType } from "graphql";
import { accessDenied } from "./errors.ts";
import type { AdminSchema } from "./schemas.ts";

interface Requirement {
  anyOf: readonly string[];
  text: string;
}

export interface AccessRules {
  types: ReadonlyMap<string, Requirement>;
  /** By `Type.field`. */
  fields: ReadonlyMap<string, Requirement>;
}

const rulesOf = new WeakMap<AdminSchema, AccessRules>();

export function accessRules(admin: AdminSchema): AccessRules {
  let rules = rulesOf.get(admin);
  if (!rules) rulesOf.set(admin, (rules = collect(admin)));
  return rules;
}

function collect({ requirements }: AdminSchema): AccessRules {
  const types = new Map<string, Requirement>();
  const fields = new Map<string, Requirement>();
  for (const { type, typeName, fieldName, requiredAccess, offlineScopes } of requirements) {
    if (!offlineScopes || offlineScopes.length === 0) continue;
    const requirement = { anyOf: offlineScopes, text: requiredAccess.trim() };
    if (type === "type") types.set(typeName, requirement);
    else fields.set(`${typeName}.${fieldName}`, requirement);
  }
  return { types, fields };
}

/** A scope to write includes the one to read. */
export function effectiveScopes(granted: readonly string[]): Set<string> {
  const scopes = new Set(granted);
  for (const scope of granted) if (scope.startsWith("write_")) scopes.add(`read_${scope.slice(6)}`);
  return scopes;
}

/** Throws ACCESS_DENIED where the field, or what it answers, needs a scope that is not granted. */
export function checkAccess(
  rules: AccessRules,
  parent: GraphQLObjectType,
  fieldName: string,
  scopes: ReadonlySet<string>,
): void {
  const field = parent.getFields()[fieldName];
  if (!field) return;
  const own = rules.fields.get(`${parent.name}.${fieldName}`);
  if (own) demand(own, fieldName, scopes);
  const answered = getNamedType(field.type);
  demandType(rules, answered.name, fieldName, scopes);
  if (isObjectType(answered) && answered.name.endsWith("Connection")) {
    const nodes = answered.getFields()["nodes"];
    if (nodes) demandType(rules, getNamedType(nodes.type).name, fieldName, scopes);
  }
}

/** The same for a type that an interface or union turned out to be. */
export function demandType(
  rules: AccessRules,
  typeName: string,
  fieldName: string,
  scopes: ReadonlySet<string>,
): void {
  const requirement = rules.types.get(typeName);
  if (requirement) demand(requirement, fieldName, scopes);
}

function demand({ anyOf, text }: Requirement, fieldName: string, scopes: ReadonlySet<string>): void {
  if (!anyOf.some((scope) => scopes.has(scope))) throw accessDenied(fieldName, text);
}
