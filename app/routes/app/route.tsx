/** The embedded app's frame: who is asking, Polaris, App Bridge and the navigation. */
import type { HeadersFunction, LinksFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData, useRouteError } from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { authenticateMerchant, embeddedAppSettings } from "../../authentication.server.ts";
import { ErrorPage } from "../../components/frame/error-page.tsx";
import type { FrameFacts } from "../../components/frame/use-show.ts";
import { Navigation } from "../../components/frame/navigation.tsx";
import { SteadyMain } from "../../components/frame/steady-main.tsx";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: polarisStyles }];

export async function loader(args: LoaderFunctionArgs) {
  const { shop } = await authenticateMerchant(args);
  const facts: FrameFacts = {
    locale: new URL(args.request.url).searchParams.get("locale") ?? "en",
    currency: shop.currency,
    timeZone: shop.timeZone,
  };
  return { ...embeddedAppSettings(), ...facts };
}

/** Headers of a Response that authentication threw tell App Bridge what to do: they must reach it. */
export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => errorHeaders ?? loaderHeaders;

/** The frame's settings never change while it is open, and only its first address tells the language. */
export function shouldRevalidate() {
  return false;
}

export default function AppFrame() {
  const { apiKey, appBridgeUrl } = useLoaderData<typeof loader>();
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey} {...(appBridgeUrl ? { __APP_BRIDGE_URL: appBridgeUrl } : {})}>
      <Navigation />
      <SteadyMain>
        <Outlet />
      </SteadyMain>
    </AppProvider>
  );
}

export function ErrorBoundary() {
  return <ErrorPage error={useRouteError()} />;
}
