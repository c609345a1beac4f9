/** Which collections a product is in, while a merchant looks at what an example of it would earn. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { collectionsOfExample } from "../../services/loyalty/example-collections.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const told = await collectionsOfExample(db, shop.id, new URL(args.request.url).searchParams.get("product"));
  if (!told) throw new Response(null, { status: 400 });
  return told;
}
