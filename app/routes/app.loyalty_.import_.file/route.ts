/** Takes another app's file as it is sent, piece by piece, and answers what it would come to. */
import type { ActionFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { readImportFile } from "../../services/imports/read-import-file.server.ts";

export async function action(args: ActionFunctionArgs) {
  const { request } = args;
  const { db, shop } = await authenticateMerchant(args);
  if (request.method !== "POST" || !request.body) throw new Response(null, { status: 400 });
  const body = request.body as unknown as AsyncIterable<Uint8Array>;
  const read = await readImportFile(db, shop, body, request.signal);
  return Response.json(read, { status: read.ok ? 200 : 422, headers: { "Cache-Control": "no-store" } });
}
