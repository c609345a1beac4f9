/**
 * Compiles a bulk query's selections to functions that turn source objects into lines, because running graphql-js once per
 * order would be ten times slower. It reads the same tables of fields as the ordinary executor.
 */
import {
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from "graphql";
import { checkAccess, demandType, type AccessRules } from "../access.ts";
import type { Connection } from "../connection.ts";
import type { Arguments, Context } from "../context.ts";
import { notSimulated } from "../errors.ts";
import type { Fields } from "../model/fields.ts";
import { nodeSelections, nodeTypeOf, type BulkQuery } from "./rules.ts";

/** The nodes of a connection below one parent, waiting to become lines. */
export interface Branch {
  nodes: readonly unknown[];
  line: Line;
}

/** Writes one node as a line's object; its own connections are handed on. */
type Line = (node: unknown, branches: Branch[]) => Record<string, unknown>;

export interface Projection {
  /** The connections at the top, or below single objects at the top. */
  roots: () => Branch[];
}

type Write = (source: unknown, out: Record<string, unknown>, branches: Branch[]) => void;
type ObjectPlan = (source: unknown) => readonly Write[];

interface Compiler {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  tables: Readonly<Record<string, Fields>>;
  rules: AccessRules;
  context: Context;
}

/** Compiles the query. Throws ACCESS_DENIED or NOT_SIMULATED as the ordinary executor would. */
export function compileProjection(
  schema: GraphQLSchema,
  tables: Readonly<Record<string, Fields>>,
  rules: AccessRules,
  query: BulkQuery,
  context: Context,
): Projection {
  const compiler: Compiler = { schema, fragments: query.fragments, tables, rules, context };
  const root = schema.getQueryType();
  if (!root) throw new Error("the schema has no query type");
  const plan = compileObject(compiler, query.operation.selectionSet, root);
  return {
    roots: () => {
      const branches: Branch[] = [];
      for (const write of plan(undefined)) write(undefined, {}, branches);
      return branches;
    },
  };
}

/** The fields of a selection for the concrete type of each source. */
function compileObject(compiler: Compiler, set: SelectionSetNode, type: GraphQLCompositeType): ObjectPlan {
  if (isObjectType(type)) {
    const writes = compileFields(compiler, set, type);
    return () => writes;
  }
  if (!isAbstractType(type)) throw new Error(`${String(type)} has no selection`);
  const byType = new Map<string, readonly Write[]>();
  return (source) => {
    const name = (source as { __typename?: unknown }).__typename;
    if (typeof name !== "string") throw new Error(`a source of ${type.name} does not say its type`);
    let writes = byType.get(name);
    if (!writes) {
      const concrete = compiler.schema.getType(name);
      if (!isObjectType(concrete)) throw new Error(`${name} is no object type`);
      demandType(compiler.rules, name, name, compiler.context.scopes);
      byType.set(name, (writes = compileFields(compiler, set, concrete)));
    }
    return writes;
  };
}

function compileFields(compiler: Compiler, set: SelectionSetNode, type: GraphQLObjectType): Write[] {
  const byKey = new Map<string, FieldNode[]>();
  collectFields(compiler, set, type, byKey);
  return [...byKey].map(([key, nodes]) => compileField(compiler, key, nodes, type));
}

function collectFields(
  compiler: Compiler,
  set: SelectionSetNode,
  type: GraphQLObjectType,
  byKey: Map<string, FieldNode[]>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const nodes = byKey.get(key);
      if (nodes) nodes.push(selection);
      else byKey.set(key, [selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : compiler.fragments[selection.name.value];
    if (fragment && applies(compiler, fragment.typeCondition?.name.value, type)) {
      collectFields(compiler, fragment.selectionSet, type, byKey);
    }
  }
}

function applies({ schema }: Compiler, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}

function compileField(
  compiler: Compiler,
  key: string,
  nodes: readonly FieldNode[],
  parent: GraphQLObjectType,
): Write {
  const [node] = nodes;
  if (!node) throw new Error("a selected field has no node");
  const name = node.name.value;
  if (name === "__typename") return (_source, out) => void (out[key] = parent.name);
  const field = parent.getFields()[name];
  if (!field) throw new Error(`${parent.name} has no field ${name}`);
  const { context } = compiler;
  checkAccess(compiler.rules, parent, name, context.scopes);
  const read = reader(compiler, parent.name, name, getArgumentValues(field, node));
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return (source, out) => void (out[key] = read(source) ?? null);
  const set: SelectionSetNode = {
    kind: Kind.SELECTION_SET,
    selections: nodes.flatMap((one) => one.selectionSet?.selections ?? []),
  };
  if (type.name.endsWith("Connection")) {
    const line = compileLine(compiler, set, type);
    return (source, _out, branches) => {
      const connection = read(source) as Connection | null;
      if (connection) branches.push({ nodes: connection.all(), line });
    };
  }
  const plan = compileObject(compiler, set, type);
  const project = (source: unknown, branches: Branch[]): unknown => {
    if (source === null || source === undefined) return null;
    const inner: Record<string, unknown> = {};
    for (const write of plan(source)) write(source, inner, branches);
    return inner;
  };
  return (source, out, branches) => {
    const answer = read(source);
    out[key] = Array.isArray(answer)
      ? answer.map((one) => project(one, branches))
      : project(answer, branches);
  };
}

function reader(
  { tables, context }: Compiler,
  typeName: string,
  fieldName: string,
  args: Arguments,
): (source: unknown) => unknown {
  const table = tables[typeName];
  if (table) {
    const resolve = Object.hasOwn(table, fieldName) ? table[fieldName] : undefined;
    if (!resolve) throw notSimulated(`${typeName}.${fieldName}`);
    return (source) => resolve(source, args, context);
  }
  return (source) => {
    if (!Object.hasOwn(source as object, fieldName)) throw notSimulated(`${typeName}.${fieldName}`);
    return (source as Record<string, unknown>)[fieldName];
  };
}

function compileLine(compiler: Compiler, set: SelectionSetNode, connection: GraphQLCompositeType): Line {
  const type = nodeTypeOf(connection);
  if (!type) throw notSimulated(`Bulk lines of ${connection.name}`);
  const selections = nodeSelections(set).flatMap((one) => one.selections);
  const plan = compileObject(compiler, { kind: Kind.SELECTION_SET, selections }, type);
  return (node, branches) => {
    const out: Record<string, unknown> = {};
    for (const write of plan(node)) write(node, out, branches);
    return out;
  };
}
