/** Cookies of a shopper: cart, country, log-in. */
import type { Request, Response } from "express";

export type CookieName = "cart" | "devstore_customer" | "devstore_shop" | "discount_code" | "localization";

export function cookieOf(request: Request, name: CookieName): string | null {
  for (const pair of (request.header("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === name) return decodeURIComponent(pair.slice(at + 1).trim());
  }
  return null;
}

export function setCookie(response: Response, name: CookieName, value: string): void {
  response.cookie(name, value, { path: "/", sameSite: "lax", httpOnly: true });
}

export function dropCookie(response: Response, name: CookieName): void {
  response.clearCookie(name, { path: "/" });
}
