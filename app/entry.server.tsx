/** Renders a page as a stream, with the headers by which only Shopify's admin may frame it. */
import { PassThrough } from "node:stream";
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type EntryContext,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { addDocumentHeaders, keepRefusalHeaders } from "./authentication.server.ts";
import { log } from "./observability/log.server.ts";

/** Loaders that are still at work then are given up. */
export const streamTimeout = 15_000;
/** Figures that come this soon are there at once; later ones are streamed, and skeletons stand in for them until then. */
const SOON_MS = 50;
/** Of a part that is streamed on its own although it is there in time: none is. */
const NO_PART = Infinity;

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  await addDocumentHeaders(request, headers);
  headers.set("Content-Type", "text/html");
  // Whoever cannot run scripts gets the whole page at once.
  const wantsAll = isbot(request.headers.get("user-agent") ?? "");
  return new Promise((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    let isAnswered = false;
    const answer = () => {
      clearTimeout(late);
      if (isAnswered) return;
      isAnswered = true;
      const body = new PassThrough();
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
      pipe(body);
    };
    const waitForFigures = () => {
      late = setTimeout(answer, wantsAll ? streamTimeout : SOON_MS);
      if (wantsAll) return;
      const figures = promisesIn(Object.values(remixContext.staticHandlerContext.loaderData));
      void Promise.allSettled(figures).then(() => afterRendering(answer));
    };
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={remixContext} url={request.url} />, {
      progressiveChunkSize: NO_PART,
      onShellReady: waitForFigures,
      onAllReady: answer,
      onShellError: reject,
      onError(error: unknown) {
        log.error({ err: error, path: new URL(request.url).pathname }, "page not rendered");
      },
    });
    setTimeout(abort, streamTimeout + 1000);
  });
}

/**
 * What the loaders left for later, alone or several under one name. What only their answers bring, such as people's names from
 * Shopify, is not worth waiting for.
 */
function promisesIn(values: readonly unknown[], depth = 2): Promise<unknown>[] {
  return values.flatMap((value) => {
    if (value instanceof Promise) return [value];
    return depth > 0 && typeof value === "object" && value !== null
      ? promisesIn(Object.values(value), depth - 1)
      : [];
  });
}

/** React goes on with what has arrived in an immediate of its own. */
function afterRendering(then: () => void): void {
  setImmediate(() => setImmediate(then));
}

export function handleDataRequest(answer: Response, { context }: LoaderFunctionArgs): Promise<Response> {
  return keepRefusalHeaders(answer, context);
}

/** Paths only: a query holds session tokens. */
export function handleError(error: unknown, { request }: ActionFunctionArgs | LoaderFunctionArgs): void {
  if (request.signal.aborted) return;
  log.error({ err: error, path: new URL(request.url).pathname }, "request failed");
}
