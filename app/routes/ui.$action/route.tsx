/** Where extensions in checkout and in the customer's account ask: they run in a worker without an origin of its own, so any may. */
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answerExtension, authenticateBuyer, readWish } from "../../authentication.server.ts";
import { actionNamed, answerShopper, UI_ACTIONS } from "../../services/storefront/answer-shopper.server.ts";

export async function action({ request, params }: ActionFunctionArgs) {
  return answerExtension(async () => {
    const buyer = await authenticateBuyer(request);
    const asked = actionNamed(UI_ACTIONS, params.action);
    if (!asked) return new Response(null, { status: 404 });
    const { answer, status, headers } = await answerShopper(asked, await readWish(request, buyer));
    return Response.json(answer, { status, headers: { "Cache-Control": "no-store", ...headers } });
  });
}

/** What a browser asks before it lets an extension ask. */
export async function loader({ request }: LoaderFunctionArgs) {
  return answerExtension(async () =>
    request.method === "OPTIONS"
      ? new Response(null, { status: 204 })
      : new Response(null, { status: 405, headers: { Allow: "POST, OPTIONS" } }),
  );
}
