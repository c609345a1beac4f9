/** Where Shopify Flow arrives (extensions/flow-*): a workflow that gives points, and whether a shop's workflows begin with our triggers. */
import type { ActionFunctionArgs } from "@remix-run/node";
import { authenticateFlow } from "../../authentication.server.ts";
import { addPointsByFlow } from "../../services/events/add-points-by-flow.server.ts";
import { noteTriggerUse } from "../../services/events/note-trigger-use.server.ts";

const ACTIONS = { "add-points": addPointsByFlow, "trigger-use": noteTriggerUse };

export async function action({ request, params }: ActionFunctionArgs) {
  const { db, shop, body } = await authenticateFlow(request);
  const name = params.action ?? "";
  if (!Object.hasOwn(ACTIONS, name)) return new Response(null, { status: 404 });
  const { status, ...answer } = await ACTIONS[name as keyof typeof ACTIONS](db, shop, body);
  return Response.json(answer, { status, headers: { "Cache-Control": "no-store" } });
}

/** Nothing is to be read here. */
export function loader() {
  return new Response(null, { status: 405, headers: { Allow: "POST" } });
}
