/** The copy of their data that a customer asked for in their account: an address that is good for some minutes, and names nobody. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { passerBy } from "../../authentication.server.ts";
import { shopperMessage } from "../../core/storefront/shopper-messages.ts";
import { copyOwnData } from "../../services/account/copy-own-data.server.ts";

const STATUS = { "not-found": 404, "link-over": 410, "too-often": 429 } as const;
const PRIVATE = {
  ...{ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff" },
  "X-Robots-Tag": "noindex",
};

export async function loader({ request }: LoaderFunctionArgs) {
  const { db, address } = await passerBy(request);
  // In the query, because paths are logged.
  const copied = await copyOwnData(db, new URL(request.url).searchParams.get("ticket") ?? "", address);
  if (!copied.ok) {
    return new Response(shopperMessage(copied.locale, copied.reason), {
      status: STATUS[copied.reason],
      headers: { ...PRIVATE, "Content-Type": "text/plain; charset=utf-8" },
    });
  }
  return new Response(copied.json, {
    headers: {
      ...PRIVATE,
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="${copied.name}"`,
    },
  });
}
