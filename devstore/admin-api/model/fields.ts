/**
 * The form in which Shopify's types are modelled: one table per type, from field name to a function of the source object.
 * A field that stands in the schema but not in a table is answered NOT_SIMULATED. Both executors read these tables: the
 * ordinary one (graphql-js) and the compiled one for bulk queries.
 */
import type { Arguments, Context } from "../context.ts";

export type Resolve = (source: unknown, args: Arguments, context: Context) => unknown;
export type Fields = Readonly<Record<string, Resolve>>;

/** Declares the fields of a type whose source objects are `S`. */
export function fields<S>(
  table: Record<string, (source: S, args: Arguments, context: Context) => unknown>,
): Fields {
  return table as Fields;
}
