/** The place that deep links into the theme editor lead to: it says what would be added where, adds it, and shows the way to the page. */
import express, { Router, type Request, type Response } from "express";
import type { AppSettings } from "../auth/app-settings.ts";
import type { ShopState, World } from "../state/model.ts";
import { changeThemeFile, publishTheme } from "../state/online-store.ts";
import { fail, succeed, type Result } from "../state/result.ts";
import { activateEmbed, addAppBlock } from "../storefront/editor.ts";
import { extensionsOf } from "../storefront/extension.ts";
import { themeNamed, THEMES } from "../storefront/theme.ts";
import { editorPage, type EditorFacts } from "./pages.ts";

/** What a deep link asks for, as its query says it. */
interface Asked {
  kind: "add" | "activate" | "look";
  clientId: string;
  handle: string;
  template: string;
  target: string;
}

export function themeEditor(world: World, apps: readonly AppSettings[]): Router {
  const router = Router();
  const shopOf = ({ query }: Request) =>
    typeof query["shop"] === "string" ? world.shops.get(query["shop"]) : undefined;

  router.get("/admin/themes/:theme/editor", (request, response) => {
    const shop = shopOf(request);
    if (!shop) missing(response);
    else response.send(editorPage(shop, factsOf(shop, askedOf(request.query), apps)));
  });

  router.post("/admin/themes/:theme/editor", express.urlencoded({ extended: false }), (request, response) => {
    const shop = shopOf(request);
    if (!shop) {
      missing(response);
      return;
    }
    const body = request.body as Record<string, unknown>;
    const asked = askedOf(request.query);
    const done = work(
      world,
      shop,
      apps,
      { ...asked, template: text(body["template"]) || asked.template },
      body,
    );
    const message = done.ok ? done.value : done.message;
    response.status(done.ok ? 200 : 422).send(editorPage(shop, { ...factsOf(shop, asked, apps), message }));
  });
  return router;
}

function askedOf(query: Request["query"]): Asked {
  const add = text(query["addAppBlockId"]);
  const activate = text(query["activateAppId"]);
  const [clientId = "", handle = ""] = (add || activate).split("/");
  return {
    kind: add ? "add" : activate ? "activate" : "look",
    clientId,
    handle,
    template: text(query["template"]) || "index",
    target: text(query["target"]) || "newAppsSection",
  };
}

function factsOf(shop: ShopState, asked: Asked, apps: readonly AppSettings[]): EditorFacts {
  const theme = themeNamed(shop.onlineStore.theme);
  const found = extensionFor(apps, asked);
  const block = found.ok ? found.value.blocks.get(asked.handle) : undefined;
  const named = block?.schema.name ?? asked.handle;
  return {
    theme: theme.name,
    themes: THEMES,
    templates: [...theme.files.keys()].flatMap((file) => /^templates\/(.+)\.json$/.exec(file)?.[1] ?? []),
    template: asked.template,
    target: asked.target,
    kind: asked.kind,
    block: found.ok && named.startsWith("t:") ? found.value.locales.schemaText(named) : named,
    message: asked.kind !== "look" && !block ? `The app has no block ${asked.handle}.` : null,
  };
}

function extensionFor(apps: readonly AppSettings[], { clientId, handle }: Asked) {
  const app = apps.find((each) => each.clientId === clientId);
  if (!app) return fail("not-found", `There is no app ${clientId}.`);
  const extension = extensionsOf(app).find(({ blocks }) => blocks.has(handle));
  return extension ? succeed(extension) : fail("not-found", `The app has no block ${handle}.`);
}

function work(
  world: World,
  shop: ShopState,
  apps: readonly AppSettings[],
  asked: Asked,
  body: Record<string, unknown>,
): Result<string> {
  if (body["publish"] !== undefined) {
    const published = publishTheme(world, shop, { theme: text(body["publish"]) });
    return published.ok ? succeed(`The theme ${text(body["publish"])} is published.`) : published;
  }
  if (body["reset"] !== undefined) {
    const theme = shop.onlineStore.theme;
    for (const key of Object.keys(shop.onlineStore.files))
      if (key.startsWith(`${theme}/`))
        changeThemeFile(world, shop, { theme, file: key.slice(theme.length + 1), content: null });
    return succeed(`The theme ${theme} is as it came.`);
  }
  const extension = extensionFor(apps, asked);
  if (!extension.ok) return extension;
  const done =
    asked.kind === "activate"
      ? activateEmbed(world, shop, extension.value, asked.handle)
      : addAppBlock(world, shop, extension.value, asked.handle, asked);
  return done.ok ? succeed(`Done: ${done.value} of the theme ${shop.onlineStore.theme} has it.`) : done;
}

function missing(response: Response): void {
  response.status(404).type("text").send("There is no such shop.");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
