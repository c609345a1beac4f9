/** Runs an operation with graphql-js over the tables of fields: one resolver for every field of the schema. */
import {
  execute,
  GraphQLError,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLTypeResolver,
} from "graphql";
import { accessRules, checkAccess, demandType, type AccessRules } from "./access.ts";
import type { Connection } from "./connection.ts";
import type { Arguments, Context } from "./context.ts";
import { notSimulated } from "./errors.ts";
import type { Fields } from "./model/fields.ts";
import type { AdminSchema } from "./schemas.ts";

/** The tables that an operation runs over: all types with the two roots. */
export type Tables = Readonly<Record<string, Fields>>;

export interface Execution {
  admin: AdminSchema;
  document: DocumentNode;
  operationName: string | null;
  variables: Record<string, unknown>;
  tables: Tables;
  context: Context;
}

export async function executeOperation(execution: Execution): Promise<ExecutionResult> {
  const { admin, document, operationName, variables, tables, context } = execution;
  const rules = accessRules(admin);
  return execute({
    schema: admin.schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: context,
    fieldResolver: fieldResolver(tables, rules),
    typeResolver: typeResolver(rules),
  });
}

const fieldResolver =
  (tables: Tables, rules: AccessRules): GraphQLFieldResolver<unknown, Context, Arguments> =>
  (source, args, context, info) => {
    checkAccess(rules, info.parentType, info.fieldName, context.scopes);
    const answer = resolveField(tables, info.parentType.name, info.fieldName, source, args, context);
    return Array.isArray(answer) && info.fieldName === "nodes" && info.parentType.name === "QueryRoot"
      ? answer.map((node) => deniedOr(node, rules, context))
      : answer;
  };

/** One node that is denied leaves the others. */
function deniedOr(node: unknown, rules: AccessRules, context: Context): unknown {
  try {
    if (isTyped(node)) demandType(rules, node.__typename, "nodes", context.scopes);
    return node;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function isTyped(value: unknown): value is { __typename: string } {
  return typeof value === "object" && value !== null && "__typename" in value;
}

const typeResolver =
  (rules: AccessRules): GraphQLTypeResolver<unknown, Context> =>
  (source, context, info) => {
    if (!isTyped(source)) throw new Error(`a source of ${info.fieldName} does not say its type`);
    demandType(rules, source.__typename, info.fieldName, context.scopes);
    return source.__typename;
  };

/** Tables of fields whose resolvers take `C`. */
type TablesFor<C> = Readonly<
  Record<string, Readonly<Record<string, (source: unknown, args: Arguments, context: C) => unknown>>>
>;

/** The answer of one field: from its type's table, from a connection's page, or a plain property of a small type. */
export function resolveField<C>(
  tables: TablesFor<C>,
  typeName: string,
  fieldName: string,
  source: unknown,
  args: Arguments,
  context: C,
): unknown {
  const table = tables[typeName];
  if (table) {
    const resolve = Object.hasOwn(table, fieldName) ? table[fieldName] : undefined;
    if (!resolve) throw notSimulated(`${typeName}.${fieldName}`);
    return resolve(source, args, context);
  }
  const plain = isConnection(source) ? pageOf(source) : source;
  if (typeof plain === "object" && plain !== null && Object.hasOwn(plain, fieldName)) {
    return (plain as Record<string, unknown>)[fieldName];
  }
  throw notSimulated(`${typeName}.${fieldName}`);
}

function isConnection(source: unknown): source is Connection {
  return typeof source === "object" && source !== null && "page" in source && "all" in source;
}

// `nodes`, `edges` and `pageInfo` of one connection are asked one by one.
const pages = new WeakMap<Connection, ReturnType<Connection["page"]>>();

function pageOf(connection: Connection) {
  let page = pages.get(connection);
  if (!page) pages.set(connection, (page = connection.page()));
  return page;
}
