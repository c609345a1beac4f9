/** How many customers a rule would hold for, while a merchant is still writing it. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { sizeOfRule } from "../../services/segments/size-of-rule.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const size = await sizeOfRule(db, shop, new URL(args.request.url).searchParams.get("rule"));
  if (!size) throw new Response(null, { status: 400 });
  return size;
}
