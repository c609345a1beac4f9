/** What Shopify takes as a bulk query, beyond being valid. */
import {
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

const MAX_CONNECTIONS = 5;
const MAX_DEPTH = 2;

export interface BulkQuery {
  operation: OperationDefinitionNode;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

interface Count {
  connections: number;
  depth: number;
}

/** The query, ready to be compiled, or why Shopify refuses it. */
export function checkBulkQuery(schema: GraphQLSchema, document: DocumentNode): BulkQuery | string {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (!operation || operations.length > 1) return "Bulk queries must contain exactly one operation.";
  if (operation.operation !== OperationTypeNode.QUERY) return "Bulk queries must be queries.";
  if ((operation.variableDefinitions ?? []).length > 0) return "Bulk queries cannot have variables.";
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const root = schema.getQueryType();
  if (!root) throw new Error("the schema has no query type");
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind === Kind.FIELD && ["node", "nodes"].includes(selection.name.value)) {
      return `Bulk queries cannot contain the top level \`${selection.name.value}\` field.`;
    }
  }
  const count: Count = { connections: 0, depth: 0 };
  const refusal = walk({ schema, fragments, count }, operation.selectionSet, root, 0, false, null);
  if (refusal) return refusal;
  if (count.connections === 0) return "Bulk queries must contain at least one connection.";
  if (count.connections > MAX_CONNECTIONS) {
    return `Bulk queries cannot contain more than ${MAX_CONNECTIONS} connections.`;
  }
  if (count.depth > MAX_DEPTH + 1) {
    return `Bulk queries cannot contain connections with a nesting depth greater than ${MAX_DEPTH}.`;
  }
  return { operation, fragments };
}

interface Walk {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  count: Count;
}

/** Counts connections; `node` is the selection of the nearest node around, which must name its id. */
function walk(
  state: Walk,
  set: SelectionSetNode,
  type: GraphQLCompositeType,
  depth: number,
  inList: boolean,
  node: SelectionSetNode | null,
): string | null {
  for (const selection of set.selections) {
    if (selection.kind !== Kind.FIELD) {
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : state.fragments[selection.name.value];
      const condition = fragment?.typeCondition?.name.value;
      const named = condition === undefined ? type : state.schema.getType(condition);
      if (!fragment || !named || !isCompositeType(named)) continue;
      const refusal = walk(state, fragment.selectionSet, named, depth, inList, node);
      if (refusal) return refusal;
      continue;
    }
    const field = "getFields" in type ? type.getFields()[selection.name.value] : undefined;
    if (!field || !selection.selectionSet) continue;
    const answered = getNamedType(field.type);
    if (!isCompositeType(answered)) continue;
    if (!answered.name.endsWith("Connection")) {
      const listed = inList || isList(field.type);
      const refusal = walk(state, selection.selectionSet, answered, depth, listed, node);
      if (refusal) return refusal;
      continue;
    }
    if (inList)
      return "Queries that contain a connection field within a list field are not currently supported.";
    if (node && !selectsId(state, node)) {
      return "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type.";
    }
    state.count.connections += 1;
    state.count.depth = Math.max(state.count.depth, depth + 1);
    for (const inner of nodeSelections(selection.selectionSet)) {
      const nodeType = nodeTypeOf(answered);
      if (!nodeType) continue;
      const refusal = walk(state, inner, nodeType, depth + 1, false, inner);
      if (refusal) return refusal;
    }
  }
  return null;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

function selectsId(state: Walk, set: SelectionSetNode): boolean {
  return set.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === "id" && !selection.alias;
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : state.fragments[selection.name.value];
    return fragment !== undefined && selectsId(state, fragment.selectionSet);
  });
}

/** The selections of a connection's nodes, by `nodes` or by `edges { node }`. */
export function nodeSelections(connection: SelectionSetNode): SelectionSetNode[] {
  const found: SelectionSetNode[] = [];
  for (const selection of connection.selections) {
    if (selection.kind !== Kind.FIELD || !selection.selectionSet) continue;
    if (selection.name.value === "nodes") found.push(selection.selectionSet);
    if (selection.name.value !== "edges") continue;
    for (const inner of selection.selectionSet.selections) {
      if (inner.kind === Kind.FIELD && inner.name.value === "node" && inner.selectionSet) {
        found.push(inner.selectionSet);
      }
    }
  }
  return found;
}

/** The type of a connection's nodes. */
export function nodeTypeOf(connection: GraphQLCompositeType): GraphQLCompositeType | null {
  if (!("getFields" in connection)) return null;
  const nodes = connection.getFields()["nodes"] ?? null;
  const named = nodes ? getNamedType(nodes.type) : null;
  return named && isCompositeType(named) ? named : null;
}
