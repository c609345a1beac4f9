/** The admin that a merchant opens: apps in frames, and what App Bridge asks of it. */
import path from "node:path";
import express, { Router, type Request, type Response } from "express";
import { z } from "zod";
import type { AppSettings } from "../auth/app-settings.ts";
import { changeOptionalScopes, ensureInstalled } from "../auth/installation.ts";
import { mintSessionToken } from "../auth/session-token.ts";
import type { ShopState, World } from "../state/model.ts";
import { embeddedUrl } from "./embed.ts";
import { appsPage, shellPage, shopsPage } from "./pages.ts";
import { resourcesOf } from "./resources.ts";

const PUBLIC = path.resolve(import.meta.dirname, "..", "public");

const scopesBody = z.object({ action: z.enum(["query", "request", "revoke"]), scopes: z.array(z.string()) });
const resourcesBody = z.object({ type: z.enum(["collection", "product", "variant"]) });

/** The shell's routes. An app is named by its handle or its client id. */
export function adminShell(world: World, apps: readonly AppSettings[]): Router {
  const router = Router();
  const shopOf = ({ query }: Request) =>
    typeof query["shop"] === "string" ? world.shops.get(query["shop"]) : undefined;
  const appOf = (name: unknown) => apps.find(({ handle, clientId }) => name === handle || name === clientId);

  router.get("/app-bridge.js", (_request, response) => {
    response.set("Cross-Origin-Resource-Policy", "cross-origin");
    response.sendFile(path.join(PUBLIC, "app-bridge.js"));
  });
  router.get("/admin-shell.js", (_request, response) => {
    response.sendFile(path.join(PUBLIC, "admin-shell.js"));
  });

  // Where apps send a merchant who is outside of the admin.
  const intoShell = (request: Request, response: Response): void => {
    const { name = "", app = "", 0: rest = "" } = request.params;
    const shop = `${name}.myshopify.com`;
    response.redirect(`/admin/apps/${app}/${rest}?${new URLSearchParams({ shop })}`);
  };
  router.get("/store/:name/apps/:app", intoShell);
  router.get("/store/:name/apps/:app/*", intoShell);
  router.get("/admin/oauth/install", (request, response) => {
    const app = appOf(request.query["client_id"]);
    const shop = shopOf(request);
    if (!app || !shop) notFound(response, "There is no such app or shop.");
    else response.redirect(`/admin/apps/${app.handle}?${new URLSearchParams({ shop: shop.domain })}`);
  });

  router.get("/admin", (request, response) => {
    const shop = shopOf(request);
    response.send(shop ? appsPage(shop, apps) : shopsPage(world.shops.values()));
  });

  const shell = (request: Request, response: Response): void => {
    const shop = shopOf(request);
    const app = appOf(request.params["app"]);
    if (!shop || !app) {
      notFound(response, "There is no such app or shop.");
      return;
    }
    ensureInstalled(world, shop, app);
    const own = new URL(request.originalUrl, "http://admin").searchParams;
    response.set("Cache-Control", "no-store");
    response.send(shellPage(shop, app, embeddedUrl(app, shop, `/${String(request.params[0] ?? "")}`, own)));
  };
  router.get("/admin/apps/:app", shell);
  router.get("/admin/apps/:app/*", shell);

  /** What the shell's script asks: only for an app that is installed. */
  const inShell =
    (answer: (shop: ShopState, app: AppSettings, request: Request) => unknown) =>
    (request: Request, response: Response): void => {
      const shop = shopOf(request);
      const app = appOf(request.query["app"]);
      if (!shop || !app) notFound(response, "There is no such app or shop.");
      else if (!shop.installation) response.status(403).type("text").send("The app is not installed.");
      else response.set("Cache-Control", "no-store").json(answer(shop, app, request));
    };
  router.get(
    "/admin/shell/session-token",
    inShell((shop, app) => ({ token: mintSessionToken(app, shop.domain, shop.id) })),
  );
  router.post(
    "/admin/shell/scopes",
    express.json(),
    inShell((shop, app, request) => {
      const { action, scopes } = scopesBody.parse(request.body);
      return changeOptionalScopes(shop, app, action, scopes);
    }),
  );
  router.post(
    "/admin/shell/resources",
    express.json(),
    inShell((shop, _app, request) => ({
      resources: resourcesOf(shop, resourcesBody.parse(request.body).type),
    })),
  );
  return router;
}

function notFound(response: Response, sentence: string): void {
  response.status(404).type("text").send(sentence);
}
