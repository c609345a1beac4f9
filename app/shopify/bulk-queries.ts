/**
 * Bulk queries, made from the same operations that pages use, so that both select the same fields: fragments are written
 * out (bulk queries are one selection), and what only pages need is taken away (sizes, cursors, page info).
 */
import { Kind, parse, print, type FieldNode, type FragmentDefinitionNode, type SelectionNode } from "graphql";
import { CHECKOUTS_PAGE } from "./operations/checkouts.ts";
import { CUSTOMERS_PAGE } from "./operations/customers.ts";
import { EMAILS_PAGE } from "./operations/emails.ts";
import { TOLD_CUSTOMERS_PAGE } from "./operations/profile.ts";
import { ORDERS_PAGE } from "./operations/orders.ts";
import { PRODUCTS_PAGE } from "./operations/products.ts";

/** `query` is Shopify's search syntax; without one the whole history is asked for. */
export function ordersBulkQuery(query?: string): string {
  return bulkQueryOf(ORDERS_PAGE, query);
}

export function customersBulkQuery(query?: string): string {
  return bulkQueryOf(CUSTOMERS_PAGE, query);
}

/** What customers have told Shopify of themselves, without who they are. */
export function toldCustomersBulkQuery(): string {
  return bulkQueryOf(TOLD_CUSTOMERS_PAGE, undefined);
}

/** Customers by e-mail address. */
export function emailsBulkQuery(): string {
  return bulkQueryOf(EMAILS_PAGE, undefined);
}

export function productsBulkQuery(query?: string): string {
  return bulkQueryOf(PRODUCTS_PAGE, query);
}

export function checkoutsBulkQuery(query?: string): string {
  return bulkQueryOf(CHECKOUTS_PAGE, query);
}

/** Search terms for a span of creation times: from inclusive, to exclusive. */
export function createdBetween(fromMs: number, toMs: number): string {
  return `created_at:>='${new Date(fromMs).toISOString()}' AND created_at:<'${new Date(toMs).toISOString()}'`;
}

/** The same for times of change. */
export function updatedBetween(fromMs: number, toMs: number): string {
  return `updated_at:>='${new Date(fromMs).toISOString()}' AND updated_at:<'${new Date(toMs).toISOString()}'`;
}

/** Search terms for customers with at least one of the tags. */
export function taggedWith(tags: readonly string[]): string {
  return tags.map((tag) => `tag:"${tag.replace(/["\\]/g, "\\$&")}"`).join(" OR ");
}

export function updatedSince(fromMs: number): string {
  return `updated_at:>='${new Date(fromMs).toISOString()}'`;
}

function bulkQueryOf(operation: string, query: string | undefined): string {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionNode | undefined;
  for (const definition of parse(operation).definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet.selections[0];
  }
  if (root?.kind !== Kind.FIELD) throw new Error("a bulk query has one root connection");
  const written = bulkField(root, fragments);
  return `{ ${print({ ...written, arguments: searchArgument(query) })} }`;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** A connection asks for `edges { node }` without a size; every other field stays as it is. */
function bulkField(field: FieldNode, fragments: Fragments): FieldNode {
  const inner = field.selectionSet?.selections;
  if (!inner) return field;
  const isConnection = inner.some((selection) => isField(selection, "pageInfo"));
  const selections = bulkSelections(inner, fragments);
  return {
    ...field,
    arguments: isConnection ? [] : field.arguments,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}

function bulkSelections(selections: readonly SelectionNode[], fragments: Fragments): SelectionNode[] {
  return selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = bulkSelections(selection.selectionSet.selections, fragments);
      return [{ ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections: inner } }];
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments.get(selection.name.value);
      if (!fragment) throw new Error(`fragment ${selection.name.value} is missing`);
      return bulkSelections(fragment.selectionSet.selections, fragments);
    }
    if (isField(selection, "pageInfo") || isField(selection, "cursor")) return [];
    const written = bulkField(selection, fragments);
    return [isField(selection, "nodes") ? edgesOf(written) : written];
  });
}

function isField(selection: SelectionNode, name: string): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === name;
}

function edgesOf(nodes: FieldNode): FieldNode {
  const node: FieldNode = { ...nodes, name: { kind: Kind.NAME, value: "node" } };
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: "edges" },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [node] },
  };
}

function searchArgument(query: string | undefined): FieldNode["arguments"] {
  if (query === undefined) return [];
  return [
    {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: "query" },
      value: { kind: Kind.STRING, value: query },
    },
  ];
}
