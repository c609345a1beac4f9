/** The shop itself and the app's installation in it. */
import type { ShopState } from "../../state/model.ts";
import type { Context } from "../context.ts";
import { gid } from "../ids.ts";
import { decimal, presentment, type Money, type MoneyBag } from "../money.ts";
import { dateTime } from "../time.ts";
import { fields, type Fields } from "./fields.ts";
import { metafieldFields } from "./metafield.ts";

export const shopSource = (shop: ShopState) => ({ __typename: "Shop", shop });

const PLANS = { basic: "Basic", grow: "Grow", advanced: "Advanced", plus: "Shopify Plus" } as const;

interface ShopSource {
  shop: ShopState;
}

const scopes = (handles: Iterable<string>) =>
  [...handles].sort().map((handle) => ({ __typename: "AccessScope", handle }));

/** What the types around the shop answer, with those that belong to all: money. */
export const shopTypes: Readonly<Record<string, Fields>> = {
  Shop: fields<ShopSource>({
    ...metafieldFields(({ shop }: ShopSource) => gid("Shop", shop.id)),
    id: ({ shop }) => gid("Shop", shop.id),
    name: ({ shop }) => shop.name,
    email: ({ shop }) => shop.email,
    contactEmail: ({ shop }) => shop.email,
    shopOwnerName: ({ shop }) => shop.name,
    myshopifyDomain: ({ shop }) => shop.domain,
    url: ({ shop }) => `https://${shop.domain}`,
    primaryDomain: ({ shop }) => ({ __typename: "Domain", shop }),
    currencyCode: ({ shop }) => shop.currency,
    enabledPresentmentCurrencies: ({ shop }) => [shop.currency],
    ianaTimezone: ({ shop }) => shop.timeZone,
    taxesIncluded: ({ shop }) => shop.taxesIncluded,
    createdAt: ({ shop }) => dateTime(shop.createdAt),
    updatedAt: ({ shop }) => dateTime(shop.updatedAt),
    shopAddress: ({ shop }) => ({ __typename: "ShopAddress", shop }),
    plan: ({ shop }) => ({ __typename: "ShopPlan", shop }),
    setupRequired: () => false,
    orderNumberFormatPrefix: () => "#",
    orderNumberFormatSuffix: () => "",
  }),
  Domain: fields<ShopSource>({
    id: ({ shop }) => gid("Domain", shop.id),
    host: ({ shop }) => shop.domain,
    url: ({ shop }) => `https://${shop.domain}`,
    sslEnabled: () => true,
  }),
  ShopAddress: fields<ShopSource>({
    id: ({ shop }) => gid("ShopAddress", shop.id),
    countryCodeV2: ({ shop }) => shop.countryCode,
    country: ({ shop }) => new Intl.DisplayNames("en", { type: "region" }).of(shop.countryCode),
  }),
  ShopPlan: fields<ShopSource>({
    publicDisplayName: ({ shop }) => PLANS[shop.plan],
    shopifyPlus: ({ shop }) => shop.plan === "plus",
    partnerDevelopment: () => false,
  }),
  AppInstallation: fields<ShopSource>({
    ...metafieldFields(({ shop }: ShopSource) => gid("AppInstallation", shop.id)),
    id: ({ shop }) => gid("AppInstallation", shop.id),
    accessScopes: (_source, _args, context: Context) => scopes(context.scopes),
    activeSubscriptions: () => [],
    app: () => ({ __typename: "App" }),
    launchUrl: ({ shop }, _args, { app }) => `https://${shop.domain}/admin/apps/${app.handle}`,
    uninstallUrl: () => null,
  }),
  App: fields<unknown>({
    id: (_source, _args, { app }) => gid("App", app.numericId),
    apiKey: (_source, _args, { app }) => app.clientId,
    title: (_source, _args, { app }) => app.title,
    handle: (_source, _args, { app }) => app.handle,
    embedded: () => true,
    requestedAccessScopes: (_source, _args, { app }) => scopes(app.scopes),
    optionalAccessScopes: (_source, _args, { app }) => scopes(app.optionalScopes),
  }),
  AccessScope: fields<{ handle: string }>({
    handle: ({ handle }) => handle,
    description: ({ handle }) => handle,
  }),
  MoneyBag: fields<MoneyBag>({
    shopMoney: (source) => source,
    presentmentMoney: presentment,
  }),
  MoneyV2: fields<Money>({
    amount: ({ minor, currency }) => decimal(minor, currency),
    currencyCode: ({ currency }) => currency,
  }),
};
