/** The period of the page of products: a year unless the address names one, because coming back takes time. */
import type { Bounds, View } from "../../core/metrics/view.ts";
import { readView } from "./read-view.server.ts";

export function readProductView(
  request: Request,
  shop: Parameters<typeof readView>[1],
  bounds: Bounds,
  now = Date.now(),
): View {
  const url = new URL(request.url);
  if (url.searchParams.has("period")) return readView(request, shop, bounds, now);
  url.searchParams.set("period", "last-365-days");
  const year = readView(new Request(url), shop, bounds, now);
  if (bounds.lastDay === null || bounds.lastDay >= year.period.firstDay) return year;
  // A shop that has closed.
  url.searchParams.set("period", "all-time");
  return readView(new Request(url), shop, bounds, now);
}
