/** The whole points programme as a file that brings it back. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { streamOf } from "../../services/metrics/stream-of.ts";
import { exportProgramme } from "../../services/loyalty/export-programme.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { db, shop } = await authenticateMerchant(args);
  const lines = await exportProgramme(db, shop);
  if (!lines) throw new Response(null, { status: 404 });
  return new Response(streamOf(lines), {
    headers: {
      "Content-Type": "application/x-ndjson",
      "Content-Disposition": `attachment; filename="points-programme-${new Date().toISOString().slice(0, 10)}.ndjson"`,
      "Cache-Control": "no-store",
    },
  });
}
