/** Renders the theme extension's snippets by themselves, with whole numbers as Shopify's Liquid computes them. */
import path from "node:path";
import { Liquid } from "liquidjs";

const whole = (value: unknown) => {
  const number = Number(value ?? 0);
  if (!Number.isSafeInteger(number)) throw new Error(`${String(value)} is no whole number`);
  return number;
};

/** `clock.at`: what `'now'` is, in epoch seconds. */
export function extensionLiquid(clock: { at: number }): Liquid {
  const engine = new Liquid({
    partials: path.resolve("extensions/storefront/snippets"),
    extname: ".liquid",
    strictFilters: true,
    cache: true,
  });
  engine.registerFilter("plus", (a: unknown, b: unknown) => whole(whole(a) + whole(b)));
  engine.registerFilter("minus", (a: unknown, b: unknown) => whole(whole(a) - whole(b)));
  engine.registerFilter("times", (a: unknown, b: unknown) => whole(whole(a) * whole(b)));
  engine.registerFilter("divided_by", (a: unknown, b: unknown) => Math.floor(whole(a) / whole(b)));
  engine.registerFilter("date", (value: unknown, format: unknown) => {
    if (value !== "now" || format !== "%s") throw new Error("only what time it is");
    return String(clock.at);
  });
  return engine;
}
