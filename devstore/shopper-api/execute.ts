/** Answers what a shopper asks of one of Shopify's two APIs for them, each by its own real schema. */
import { execute, getDirectiveValues, GraphQLError, type GraphQLSchema } from "graphql";
import { shaped, type Answer } from "../admin-api/endpoint.ts";
import { resolveField } from "../admin-api/execution.ts";
import type { Arguments } from "../admin-api/context.ts";
import { operationOf, validated } from "../admin-api/schemas.ts";
import { marketsOf } from "../storefront/markets.ts";
import { loadShopperSchema, type ShopperSchema } from "../../scripts/shopify-schema.ts";
import type { ShopperContext, ShopperTables } from "./shopper-context.ts";

const loaded = new Map<ShopperSchema, GraphQLSchema>();

function shopperSchema(name: ShopperSchema): GraphQLSchema {
  let schema = loaded.get(name);
  if (!schema) loaded.set(name, (schema = loadShopperSchema(name)));
  return schema;
}

export interface Question {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

export async function answerShopper(
  name: ShopperSchema,
  tables: ShopperTables,
  { query, variables, operationName }: Question,
  context: ShopperContext,
): Promise<Answer> {
  const schema = shopperSchema(name);
  const prepared = validated(schema, query);
  if (!prepared.ok) return { errors: prepared.errors.map((error) => error.toJSON()) };
  const operation = operationOf(prepared.document, operationName ?? null);
  if (!operation) return { errors: [new GraphQLError("An operation name is required").toJSON()] };
  const directive = schema.getDirective("inContext");
  const place = directive && getDirectiveValues(directive, operation, variables ?? {});
  const others = marketsOf(context.shop).slice(1);
  // Where the shop does not sell, its own market's prices hold.
  const market = others.find(({ country }) => country === place?.["country"]) ?? context.market;
  const result = await execute({
    schema,
    document: prepared.document,
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    contextValue: { ...context, market },
    fieldResolver: (source: unknown, args: Arguments, asked: ShopperContext, { parentType, fieldName }) =>
      resolveField(tables, parentType.name, fieldName, source, args, asked),
    typeResolver: (source) => (source as { __typename: string }).__typename,
  });
  return shaped(result);
}
