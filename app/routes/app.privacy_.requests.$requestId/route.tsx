/** The file that answers one customer's request for their data. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { exportCustomerData } from "../../services/privacy/export-customer-data.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const file = await exportCustomerData(db, shop.id, args.params.requestId ?? "");
  if (!file) throw new Response(null, { status: 404 });
  return new Response(file.content, {
    headers: {
      "Content-Type": file.contentType,
      "Content-Disposition": `attachment; filename="${file.fileName}"`,
      "Cache-Control": "no-store",
    },
  });
}
