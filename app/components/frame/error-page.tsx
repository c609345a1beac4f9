/** What a merchant sees when a page cannot be shown: what happened in plain words, and what to do. No Polaris: it may be gone. */
import { isRouteErrorResponse, useRevalidator } from "@remix-run/react";
import { useEffect, useState } from "react";

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

export function ErrorPage({ error }: { error: unknown }) {
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const mayPass = status >= 500;
  const { tryAgain, isTrying } = useRetry(mayPass);
  return (
    <div
      style={{ font: "14px/1.5 Inter, system-ui, sans-serif", maxWidth: "36rem", margin: "4rem auto" }}
      role="alert"
    >
      <h1 style={{ fontSize: "1.25rem" }}>{headlineOf(status)}</h1>
      <p>{adviceOf(status)}</p>
      {mayPass && (
        <button type="button" onClick={tryAgain} disabled={isTrying} style={{ font: "inherit" }}>
          {isTrying ? "Trying again…" : "Try again"}
        </button>
      )}
    </div>
  );
}

/**
 * Asks again by itself, ever more rarely, while somebody watches: a page that looked for news as the app was restarted comes
 * back without being reloaded.
 */
function useRetry(mayPass: boolean): { tryAgain: () => void; isTrying: boolean } {
  const { revalidate, state } = useRevalidator();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!mayPass || state !== "idle") return;
    const timer = setTimeout(
      () => {
        setTries(tries + 1);
        if (document.visibilityState === "visible") revalidate();
      },
      Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries),
    );
    return () => clearTimeout(timer);
  }, [mayPass, revalidate, state, tries]);
  return { tryAgain: revalidate, isTrying: mayPass && state === "loading" };
}

function headlineOf(status: number): string {
  if (status === 401) return "Your session has ended";
  if (status === 404) return "This page does not exist";
  return "Something went wrong on our side";
}

function adviceOf(status: number): string {
  if (status === 401) return "Open the app again from your Shopify admin.";
  if (status === 404) return "Choose another page from the app's navigation.";
  return "Nothing was lost, and your data keeps syncing in the background. This page tries again by itself.";
}
