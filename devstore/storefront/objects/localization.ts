/** The shopper's country, currency and language, and the others there are. */
import type { MarketState } from "../../state/model.ts";
import { languageOf, languagesOf } from "../markets.ts";
import { Thing } from "../liquid/thing.ts";
import { once, type View } from "../view.ts";

export function currencyThing(view: View, code: string): Thing {
  return once(
    view,
    `currency ${code}`,
    () =>
      new Thing(
        "currency",
        {
          iso_code: () => code,
          name: () => new Intl.DisplayNames(["en"], { type: "currency" }).of(code),
          symbol: () => symbolOf(code),
        },
        code,
      ),
  );
}

function symbolOf(currency: string): string {
  const format = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  return format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
}

export function localeThing(view: View, code: string): Thing {
  return once(view, `locale ${code}`, () => {
    const primary = languagesOf(view.shop)[0];
    const nameIn = (language: string) => new Intl.DisplayNames([language], { type: "language" }).of(code);
    return new Thing(
      "shop_locale",
      {
        endonym_name: () => nameIn(code),
        iso_code: () => code,
        name: () => nameIn(languageOf(view.shop.locale)),
        primary: () => code === primary,
        root_url: () => (code === primary ? "/" : `/${code}`),
      },
      code,
    );
  });
}

function countryThing(view: View, market: MarketState): Thing {
  return once(view, `country ${market.country}`, () => {
    const name =
      new Intl.DisplayNames([view.locale], { type: "region" }).of(market.country) ?? market.country;
    return new Thing(
      "country",
      {
        available_languages: () => market.languages.map((code) => localeThing(view, code)),
        currency: () => currencyThing(view, market.currency),
        iso_code: () => market.country,
        market: () => marketThing(view, market),
        name: () => name,
        "popular?": () => false,
        unit_system: () => (market.country === "US" ? "imperial" : "metric"),
      },
      name,
    );
  });
}

function marketThing(view: View, { country }: MarketState): Thing {
  return once(
    view,
    `market ${country}`,
    () => new Thing("market", { handle: () => country.toLowerCase(), id: () => country }),
  );
}

export function localizationThing(view: View): Thing {
  return new Thing("localization", {
    available_countries: () => view.markets.map((market) => countryThing(view, market)),
    available_languages: () => view.market.languages.map((code) => localeThing(view, code)),
    country: () => countryThing(view, view.market),
    language: () => localeThing(view, view.locale),
    market: () => marketThing(view, view.market),
  });
}
