/** What every request passes: the operators' addresses, the limit of bodies, the log and the durations by route. */
import { timingSafeEqual } from "node:crypto";
import { Router, type Request, type RequestHandler } from "express";
import type { Health } from "./health.server.ts";
import { log } from "./log.server.ts";
import { httpDuration, metricsContentType, metricsText, type Figures } from "./metrics.server.ts";

/** `others`: what other threads of this process counted. */
export function operatorRoutes(
  health: Health,
  metricsToken: string | undefined,
  others: () => Promise<readonly Figures[]>,
): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => void response.type("text").send("ok"));
  router.get("/readyz", (_request, response, next) => {
    const answer = (faults: string[]) =>
      response.status(faults.length > 0 ? 503 : 200).json({ ready: faults.length === 0, faults });
    health.faults().then(answer, next);
  });
  router.get("/metrics", (request, response, next) => {
    if (!mayReadMetrics(request, metricsToken)) return void response.sendStatus(404);
    others()
      .then(metricsText)
      .then((text) => response.type(metricsContentType).send(text), next);
  });
  return router;
}

/** With the token; without one configured only from this machine, and not through a proxy on it. */
function mayReadMetrics(request: Request, token: string | undefined): boolean {
  if (token) return sameText(request.headers.authorization ?? "", `Bearer ${token}`);
  const isForwarded = "x-forwarded-for" in request.headers || "forwarded" in request.headers;
  return !isForwarded && /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? "");
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Refuses a body that says it is too long, and cuts one that turns out to be. */
export function limitBody(limit: number): RequestHandler {
  return (request, response, next) => {
    if (Number(request.headers["content-length"] ?? 0) > limit) {
      return void response.status(413).set("connection", "close").type("text").send("too large");
    }
    if (request.headers["transfer-encoding"] !== undefined) {
      let received = 0;
      // Paused, so that listening does not start the flow before the body's reader is there.
      request.pause();
      request.on("data", (chunk: Buffer) => {
        received += chunk.length;
        if (received > limit) request.destroy(new Error("the body is too large"));
      });
    }
    next();
  };
}

/** A route as Remix names it: its parent's id and its part of the path. */
export interface RouteFacts {
  id: string;
  parentId?: string;
  path?: string;
  index?: boolean;
}

/**
 * Logs each answer with its path alone, since the query may hold id_token, and counts it under its route's pattern, because a
 * metric for every address would never end.
 */
export function logRequests(routes: () => readonly (RouteFacts | undefined)[]): RequestHandler {
  let patterns: Pattern[] | undefined;
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method, path } = request;
    response.once("close", () => {
      patterns ??= routePatterns(routes().filter((route) => route !== undefined));
      const route = patterns.find(({ matches }) => matches.test(path))?.route ?? "other";
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      const status = response.writableFinished ? response.statusCode : 499;
      httpDuration.observe({ method, route, status }, durationMs / 1_000);
      log[status >= 500 ? "error" : "info"]({ method, path, route, status, durationMs }, "request");
    });
    next();
  };
}

interface Pattern {
  route: string;
  matches: RegExp;
}

/** The most specific first: `/app/jobs` before `/app/:id` before `/app/*`. */
export function routePatterns(routes: readonly RouteFacts[]): Pattern[] {
  const byId = new Map(routes.map((route) => [route.id, route]));
  const full = (route: RouteFacts): string => {
    const parent = route.parentId === undefined ? undefined : byId.get(route.parentId);
    return [parent ? full(parent) : "", route.path ?? ""].filter((part) => part !== "").join("/");
  };
  const all = [...new Set(routes.filter((route) => route.path !== undefined || route.index).map(full))];
  const rank = (route: string) => route.replaceAll(/:[^/]+/g, "\u{fffe}").replaceAll("*", "\u{ffff}");
  return all
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .map((route) => ({ route: `/${route}`, matches: new RegExp(`^/${segments(route)}/?(\\.data)?$`) }));
}

function segments(route: string): string {
  return route
    .split("/")
    .map((part) => {
      if (part === "*") return ".*";
      if (part.startsWith(":")) return "[^/]+";
      return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("/");
}
