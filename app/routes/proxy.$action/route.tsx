/** Where everything that a shopper does in the storefront arrives, through the shop's app proxy (shopify.app.toml). */
import type { ActionFunctionArgs } from "@remix-run/node";
import { authenticateVisitor, readWish } from "../../authentication.server.ts";
import {
  actionNamed,
  answerShopper,
  PROXY_ACTIONS,
} from "../../services/storefront/answer-shopper.server.ts";

export async function action({ request, params }: ActionFunctionArgs) {
  const visitor = authenticateVisitor(request);
  const asked = actionNamed(PROXY_ACTIONS, params.action);
  if (!asked) return new Response(null, { status: 404 });
  const { answer, status, headers } = await answerShopper(asked, await readWish(request, visitor));
  return Response.json(answer, { status, headers: { "Cache-Control": "no-store", ...headers } });
}

/** Nothing is to be read here: pages carry what shoppers see. */
export function loader() {
  return new Response(null, { status: 405, headers: { Allow: "POST" } });
}
