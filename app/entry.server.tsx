/** Renders a page as a stream, with the headers by which only Shopify's admin may frame it. */
import { PassThrough, pipeline, Transform } from "node:stream";
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
import { untilPainted } from "./components/frame/first-paint.ts";
import { log } from "./observability/log.server.ts";

/** Loaders that are still at work then are given up. */
export const streamTimeout = 15_000;
/** Figures that come this soon are there at once; later ones are streamed, and skeletons stand in for them until then. */
const SOON_MS = 50;
const DOCTYPE = "<!DOCTYPE html>";
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
  for (const href of stylesheets(remixContext))
    headers.append("Link", `<${href}>; rel="preload"; as="style"`);
  // Whoever cannot run scripts gets the whole page at once.
  const wantsAll = isbot(request.headers.get("user-agent") ?? "");
  return new Promise((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    let isAnswered = false;
    const body = new PassThrough();
    const answer = () => {
      clearTimeout(late);
      if (isAnswered) return;
      isAnswered = true;
      // A browser that has gone ends the rendering: its closed answer closes this.
      pipeline(pipe(inOnePiece()), body, () => undefined);
    };
    const waitForFigures = () => {
      // The headers go out with it, and the browser fetches the styles while the figures are waited for.
      body.write(DOCTYPE);
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
      late = setTimeout(answer, wantsAll ? streamTimeout : SOON_MS);
      if (wantsAll) return;
      const figures = promisesIn(remixContext.staticHandlerContext.loaderData);
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

/** Addresses of the styles that the page's first paint waits for. */
function stylesheets({ manifest, routeModules, staticHandlerContext }: EntryContext): string[] {
  const routes = staticHandlerContext.matches.map(({ route }) => route.id);
  const linked = routes.flatMap((id) => routeModules[id]?.links?.() ?? []);
  const named = linked.flatMap((link) =>
    "rel" in link && link.rel === "stylesheet" && link.href ? [link.href] : [],
  );
  return [...new Set([...routes.flatMap((id) => manifest.routes[id]?.css ?? []), ...named])];
}

const PRELOADS = /(?:<link rel="modulepreload"[^>]*>)+/;
const MODULES = /<script type="module" async="">.*?<\/script>/s;

/** Remix names its modules twice, to be fetched and to be run: both in a template, of which the browser makes nothing before it is opened. */
const asleep = (html: string) => html.replace(PRELOADS, untilPainted).replace(MODULES, untilPainted);

/**
 * What React writes in one go as one piece: each piece is compressed and sent on its own, and React writes many small ones. Leaves out the
 * document's beginning, which has been sent by then.
 */
function inOnePiece(): Transform {
  let sent = DOCTYPE.length;
  let pieces: Buffer[] = [];
  const pushTo = (stream: Transform) => {
    // Byte by byte: what is looked for is ASCII, and a letter may stand in two pieces.
    const whole = Buffer.from(asleep(Buffer.concat(pieces).toString("latin1")), "latin1");
    pieces = [];
    if (!stream.destroyed && whole.length > 0) stream.push(whole);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const rest = chunk.subarray(sent);
      sent -= chunk.length - rest.length;
      if (pieces.length === 0) setImmediate(() => pushTo(this));
      pieces.push(rest);
      done();
    },
    flush(done) {
      pushTo(this);
      done();
    },
  });
}

/**
 * What the loaders left for later, alone or several under one name, but for what is drawn only once the page is awake (BelowTheFold): loaders
 * name that `below`. What only their answers bring, such as people's names from Shopify, is not worth waiting for either.
 */
function promisesIn(values: object, depth = 2): Promise<unknown>[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
    if (value instanceof Promise) return [value];
    const holdsMore = depth > 0 && name !== "below" && typeof value === "object" && value !== null;
    return holdsMore ? promisesIn(value, depth - 1) : [];
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
