/** Every operation is one that Shopify takes, today and in the next version, and small enough to be run. */
import {
  getNamedType,
  isCompositeType,
  isLeafType,
  Kind,
  NoDeprecatedCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
} from "graphql";
import { describe, expect, test } from "vitest";
import { ADMIN_API_VERSIONS, loadSchema } from "../../../scripts/shopify-schema.ts";
import { ADMIN_API_VERSION } from "../api-version.ts";
import {
  checkoutsBulkQuery,
  createdBetween,
  customersBulkQuery,
  ordersBulkQuery,
  productsBulkQuery,
} from "../bulk-queries.ts";
import * as bulk from "./bulk.ts";
import * as checkouts from "./checkouts.ts";
import * as collections from "./collections.ts";
import * as customers from "./customers.ts";
import * as disputes from "./disputes.ts";
import * as flow from "./flow.ts";
import * as metafields from "./metafields.ts";
import * as names from "./names.ts";
import * as orders from "./orders.ts";
import * as products from "./products.ts";
import * as referrals from "./referrals.ts";
import * as rewards from "./rewards.ts";
import * as segments from "./segments.ts";
import * as shop from "./shop.ts";
import * as webhooks from "./webhooks.ts";

const all: [string, string][] = Object.entries({
  ...bulk,
  ...checkouts,
  ...collections,
  ...customers,
  ...disputes,
  ...flow,
  ...metafields,
  ...names,
  ...orders,
  ...products,
  ...referrals,
  ...rewards,
  ...segments,
  ...shop,
  ...webhooks,
});
const operations = all.filter(([, text]) => /^\s*(query|mutation)\b/m.test(text));
const bulkQueries = [ordersBulkQuery, customersBulkQuery, productsBulkQuery, checkoutsBulkQuery].map(
  (make) => [make.name, make(createdBetween(0, 1_000_000))] as const,
);

/** Shopify's published sizes: an object 1, a connection 2 and its nodes, every one at its full size. */
function dearestCost(schema: GraphQLSchema, text: string, sizes: Record<string, number>): number {
  const document = parse(text);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let cost = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const root =
      definition.operation === OperationTypeNode.QUERY ? schema.getQueryType() : schema.getMutationType();
    if (root) cost += selectionCost(definition.selectionSet, root);
  }
  return cost;

  function selectionCost(set: SelectionSetNode, type: GraphQLCompositeType): number {
    let sum = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) sum += fieldCost(selection, type);
      else {
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        const named = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
        if (fragment && isCompositeType(named)) sum += selectionCost(fragment.selectionSet, named);
      }
    }
    return sum;
  }

  function fieldCost(field: FieldNode, parent: GraphQLCompositeType): number {
    const definition = "getFields" in parent ? parent.getFields()[field.name.value] : undefined;
    const type = definition ? getNamedType(definition.type) : undefined;
    if (!type || isLeafType(type) || !isCompositeType(type) || !field.selectionSet) return 0;
    const inner = selectionCost(field.selectionSet, type);
    const size = sizeOf(field);
    if (type.name.endsWith("Connection")) return 2 + size * inner;
    return type.name.endsWith("Edge") ? inner : size * (1 + inner);
  }

  function sizeOf(field: FieldNode): number {
    for (const { name, value } of field.arguments ?? []) {
      if (name.value === "first" && value.kind === Kind.INT) return Number(value.value);
      if (value.kind === Kind.VARIABLE && value.name.value in sizes) return sizes[value.name.value] ?? 1;
    }
    return 1;
  }
}

describe.each(ADMIN_API_VERSIONS)("in %s", (version) => {
  const { schema } = loadSchema(version);
  const rules = [...specifiedRules, NoDeprecatedCustomRule];

  test.each(operations)("%s is valid and asks for nothing deprecated", (_, text) => {
    expect(validate(schema, parse(text), rules).map(({ message }) => message)).toEqual([]);
  });

  test.each(bulkQueries)("%s is valid and within what a bulk query may be", (_, text) => {
    expect(validate(schema, parse(text), rules).map(({ message }) => message)).toEqual([]);
    expect(text).not.toMatch(/pageInfo|cursor|nodes|fragment/);
    const connections = [...text.matchAll(/edges/g)].length;
    expect(connections).toBeGreaterThan(0);
    expect(connections).toBeLessThanOrEqual(5);
  });

  test("a field that does not exist and one that is deprecated are refused", () => {
    const messages = (text: string) => validate(schema, parse(text), rules).length;
    expect(messages("{ shop { nothing } }")).toBe(1);
    expect(messages("{ customer(id: 1) { email } }")).toBe(1);
  });

  test.each(operations)("one record of %s costs less than a query may", (_, text) => {
    expect(dearestCost(schema, text, { first: 1, ids: 1 })).toBeLessThanOrEqual(1000);
  });
});

test("a bulk query selects what a page does", () => {
  const scalars = (text: string) => new Set(text.match(/\b[a-z]\w+\b(?=\s*\n)/g));
  const [, page] = operations.find(([name]) => name === "ORDERS_PAGE") ?? ["", ""];
  const inPage = scalars(page);
  for (const only of ["hasNextPage", "endCursor", "cursor", "graphql"]) inPage.delete(only);
  expect(scalars(ordersBulkQuery())).toEqual(inPage);
});

test("the client speaks the version that is checked", () => {
  expect(ADMIN_API_VERSIONS).toContain(ADMIN_API_VERSION);
});
