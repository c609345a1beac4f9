/** Everything of the shop as one archive, made while it is taken. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { exportEverything } from "../../services/exports/export-everything.server.ts";
import { streamOfBytes } from "../../services/metrics/stream-of.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const day = new Date().toISOString().slice(0, 10);
  return new Response(streamOfBytes(exportEverything(db, shop)), {
    headers: {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename="perennial-${day}.zip"`,
      "Cache-Control": "no-store",
    },
  });
}
