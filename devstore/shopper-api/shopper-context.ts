/** What the resolvers of a shopper's own questions may use. */
import type { AppIdentity, Arguments } from "../admin-api/context.ts";
import { accessDenied } from "../admin-api/errors.ts";
import type { CustomerState, MarketState, ShopState, World } from "../state/model.ts";

export interface ShopperContext {
  world: World;
  shop: ShopState;
  /** The app whose extension asks. */
  app: AppIdentity;
  customer: CustomerState | null;
  /** Where the shopper buys. */
  market: MarketState;
  /** Addresses of the shop: pages and pictures. */
  origin: string;
  scopes: ReadonlySet<string>;
}

type Resolve = (source: unknown, args: Arguments, context: ShopperContext) => unknown;
export type ShopperFields = Readonly<Record<string, Resolve>>;
export type ShopperTables = Readonly<Record<string, ShopperFields>>;

/** Declares the fields of a type whose source objects are `S`. */
export function shopperFields<S>(
  table: Record<string, (source: S, args: Arguments, context: ShopperContext) => unknown>,
): ShopperFields {
  return table as ShopperFields;
}

/** An app needs the scope for what it asks in a shopper's name, too. */
export function demandScope(field: string, scope: string, { scopes }: ShopperContext): void {
  if (!scopes.has(scope)) throw accessDenied(field, `\`${scope}\` access scope.`);
}
