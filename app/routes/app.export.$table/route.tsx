/** A page's table as a file, for the period and filters in the address. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { authenticateMerchant } from "../../authentication.server.ts";
import { makeExport } from "../../services/metrics/make-export.server.ts";

const PIECE_CHARACTERS = 65_536;

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

/** Made piece by piece as the browser takes it: a table may have a million rows. */
function streamOf(lines: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      let piece = "";
      while (piece.length < PIECE_CHARACTERS) {
        const line = await lines.next();
        if (line.done) {
          if (piece) controller.enqueue(encoder.encode(piece));
          controller.close();
          return;
        }
        piece += line.value;
      }
      controller.enqueue(encoder.encode(piece));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
