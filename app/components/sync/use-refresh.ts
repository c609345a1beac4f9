/** Looks for news again and again while somebody watches the page. */
import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

export function useRefresh(seconds: number): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (state !== "idle") return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") revalidate();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, revalidate, state]);
}
