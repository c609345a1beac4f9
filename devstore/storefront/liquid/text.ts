/** Values of Liquid as text. */
import { Drop } from "liquidjs";
import { LiquidFloat } from "./number.ts";
import { StorefrontError, Thing } from "./thing.ts";

/** As text in a page. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof LiquidFloat) return value.toString();
  if (Array.isArray(value)) return value.map(text).join("");
  const plain: unknown = value instanceof Drop ? value.valueOf() : value;
  if (typeof plain === "string") return plain;
  throw new StorefrontError(`a whole ${value instanceof Thing ? value.kind_ : "object"} is printed`);
}

export function escapedHtml(value: unknown): string {
  return text(value)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}
