/** A page's table as a file, for the period and filters in the address. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { makeExport } from "../../services/metrics/make-export.server.ts";
import { streamOf } from "../../services/metrics/stream-of.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const made = await makeExport(db, shop, args.params.table ?? "", args.request);
  if (!made) throw new Response(null, { status: 404 });
  return new Response(streamOf(made.lines), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${made.fileName}"`,
      "Cache-Control": "no-store",
    },
  });
}
