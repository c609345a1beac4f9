/**
 * The calculated cost of an operation. Published: an object costs 1, a scalar nothing, an interface or union its dearest
 * selection, a mutation 10, and a connection is "sized by first and last". How it is sized is not published; a connection of n
 * is counted here as 2 + 2 ln(n) times its node, which agrees with costs seen at Shopify since 2025 (a product's
 * `variants(first: 250) { nodes { inventoryItem } }` is answered with 25).
 */
import {
  getArgumentValues,
  getNamedType,
  GraphQLError,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { MAX_PAGE } from "./connection.ts";
import { badRequest } from "./errors.ts";

export const MAX_COST = 1000;
const MUTATION_COST = 10;
const CONNECTION_COST = 2;

/** How many nodes' worth a connection of n is charged. */
function sized(n: number): number {
  return n <= 0 ? 0 : Math.max(1, Math.round(2 * Math.log(n)));
}

interface Walk {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  variables: Record<string, unknown>;
}

function walkOf(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): Walk {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return { schema, fragments, variables };
}

function rootOf(schema: GraphQLSchema, operation: OperationDefinitionNode): GraphQLCompositeType {
  const root =
    operation.operation === OperationTypeNode.MUTATION ? schema.getMutationType() : schema.getQueryType();
  if (!root) throw new GraphQLError("Subscriptions are not supported.");
  return root;
}

/** What the operation asks for at most. Throws Shopify's error where a connection is not or wrongly sized. */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): number {
  const walk = walkOf(schema, document, variables);
  return Math.ceil(selectionCost(walk, operation.selectionSet, rootOf(schema, operation)));
}

function selectionCost(walk: Walk, set: SelectionSetNode, type: GraphQLCompositeType): number {
  const own = new Map<string, number>();
  const branches = new Map<string, number>();
  collect(walk, set, type, type, own, branches);
  const sum = [...own.values()].reduce((a, b) => a + b, 0);
  return sum + Math.max(0, ...branches.values());
}

/** Adds up a selection by response key; fragments on one of several possible types compete with each other. */
function collect(
  walk: Walk,
  set: SelectionSetNode,
  type: GraphQLCompositeType,
  outer: GraphQLCompositeType,
  own: Map<string, number>,
  branches: Map<string, number>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      own.set(key, Math.max(own.get(key) ?? 0, fieldCost(walk, selection, type)));
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments[selection.name.value];
    if (!fragment) continue;
    const condition = fragment.typeCondition?.name.value;
    const named = condition === undefined ? type : walk.schema.getType(condition);
    if (!named || !isCompositeType(named)) continue;
    if (isAbstractType(outer) && isObjectType(named)) {
      branches.set(
        named.name,
        (branches.get(named.name) ?? 0) + selectionCost(walk, fragment.selectionSet, named),
      );
    } else collect(walk, fragment.selectionSet, named, outer, own, branches);
  }
}

function definitionOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return "getFields" in type ? type.getFields()[name] : undefined;
}

function fieldCost(walk: Walk, node: FieldNode, parent: GraphQLCompositeType): number {
  const field = definitionOf(parent, node.name.value);
  if (!field || !node.selectionSet) return 0;
  if (parent === walk.schema.getMutationType()) {
    checkSizes(walk, node.selectionSet, getNamedType(field.type) as GraphQLCompositeType);
    return MUTATION_COST;
  }
  const type = getNamedType(field.type);
  if (isLeafType(type) || !isCompositeType(type)) return 0;
  const args = getArgumentValues(field, node, walk.variables);
  const children = selectionCost(walk, node.selectionSet, type);
  if (type.name.endsWith("Connection")) return CONNECTION_COST + sized(sizeOf(args)) * children;
  // A connection's page is paid for by its nodes.
  if (type.name === "PageInfo") return 0;
  if (type.name.endsWith("Edge") && node.name.value === "edges") return children;
  if (parent.name.endsWith("Edge") || parent.name.endsWith("Connection")) return 1 + children;
  return listSize(args) * (1 + children);
}

function checkSizes(walk: Walk, set: SelectionSetNode, type: GraphQLCompositeType): void {
  selectionCost(walk, set, type);
}

function sizeOf(args: Record<string, unknown>): number {
  const { first, last } = args;
  const size = first ?? last;
  if (typeof size !== "number") throw badRequest("you must provide one of first or last");
  if (size > MAX_PAGE) {
    throw badRequest(`${typeof first === "number" ? "first" : "last"} cannot exceed ${MAX_PAGE}`);
  }
  return size;
}

/** Plain lists: `nodes(ids:)` by its ids, `transactions(first:)` by its limit, others once. */
function listSize(args: Record<string, unknown>): number {
  if (Array.isArray(args["ids"])) {
    if (args["ids"].length > MAX_PAGE) {
      throw new GraphQLError(
        `The input array size of ${args["ids"].length} is greater than the maximum allowed of ${MAX_PAGE}.`,
        {
          extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" },
        },
      );
    }
    return sized(args["ids"].length);
  }
  return typeof args["first"] === "number" ? sized(args["first"]) : 1;
}

/** What the answer turned out to cost, by what was found. */
export function actualCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  data: unknown,
): number {
  if (operation.operation === OperationTypeNode.MUTATION)
    return MUTATION_COST * operation.selectionSet.selections.length;
  const walk = walkOf(schema, document, {});
  return Math.ceil(foundCost(walk, operation.selectionSet, rootOf(schema, operation), data));
}

function foundCost(walk: Walk, set: SelectionSetNode, type: GraphQLCompositeType, data: unknown): number {
  if (typeof data !== "object" || data === null) return 0;
  const found = new Map<string, number>();
  const visit = (selections: SelectionSetNode, current: GraphQLCompositeType): void => {
    for (const selection of selections.selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments[selection.name.value];
        const condition = fragment?.typeCondition?.name.value;
        const named = condition === undefined ? current : walk.schema.getType(condition);
        if (fragment && named && isCompositeType(named)) visit(fragment.selectionSet, named);
        continue;
      }
      const key = selection.alias?.value ?? selection.name.value;
      const value = (data as Record<string, unknown>)[key];
      const field = definitionOf(current, selection.name.value);
      if (!field || !selection.selectionSet || value === null || value === undefined) continue;
      const answered = getNamedType(field.type);
      if (!isCompositeType(answered)) continue;
      found.set(key, Math.max(found.get(key) ?? 0, valueCost(walk, selection.selectionSet, answered, value)));
    }
  };
  visit(set, type);
  return [...found.values()].reduce((a, b) => a + b, 0);
}

function valueCost(walk: Walk, set: SelectionSetNode, type: GraphQLCompositeType, value: unknown): number {
  if (type.name === "PageInfo") return 0;
  if (type.name.endsWith("Connection")) {
    return CONNECTION_COST + foundCost(walk, set, type, value);
  }
  if (Array.isArray(value)) {
    const each = value.map((one) => (type.name.endsWith("Edge") ? 0 : 1) + foundCost(walk, set, type, one));
    const sum = each.reduce((a, b) => a + b, 0);
    return value.length === 0 ? 0 : (sum / value.length) * sized(value.length);
  }
  return 1 + foundCost(walk, set, type, value);
}
