/** The document around every page. No scroll restoration: it needs storage that browsers may deny inside Shopify's frame. */
import { Links, Meta, Outlet, Scripts } from "@remix-run/react";
import { opensWhenPainted } from "./components/frame/first-paint.ts";

export default function Root() {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <link rel="icon" href="data:," />
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        <Scripts />
        <script dangerouslySetInnerHTML={{ __html: opensWhenPainted }} />
      </body>
    </html>
  );
}
