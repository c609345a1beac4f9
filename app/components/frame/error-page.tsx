/** What a merchant sees when a page cannot be shown: what happened in plain words, and what to do. No Polaris: it may be gone. */
import { isRouteErrorResponse } from "@remix-run/react";

export function ErrorPage({ error }: { error: unknown }) {
  const status = isRouteErrorResponse(error) ? error.status : 500;
  return (
    <div
      style={{ font: "14px/1.5 Inter, system-ui, sans-serif", maxWidth: "36rem", margin: "4rem auto" }}
      role="alert"
    >
      <h1 style={{ fontSize: "1.25rem" }}>{headlineOf(status)}</h1>
      <p>{adviceOf(status)}</p>
    </div>
  );
}

function headlineOf(status: number): string {
  if (status === 401) return "Your session has ended";
  if (status === 404) return "This page does not exist";
  return "Something went wrong on our side";
}

function adviceOf(status: number): string {
  if (status === 401) return "Open the app again from your Shopify admin.";
  if (status === 404) return "Choose another page from the app's navigation.";
  return "Nothing was lost. Try again in a minute; your data keeps syncing in the background.";
}
