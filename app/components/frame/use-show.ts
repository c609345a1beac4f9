/** Figures as this merchant reads them: in the admin's language, the shop's currency and the shop's days. */
import { useRouteLoaderData } from "@remix-run/react";
import { useMemo } from "react";
import { createShow, type Show } from "./show.ts";

/** What the frame's loader hands to every page below it. */
export interface FrameFacts {
  locale: string;
  currency: string;
  timeZone: string;
}

export function useShow(): Show {
  const { locale, currency, timeZone } = useRouteLoaderData<FrameFacts>("routes/app") ?? DEFAULTS;
  return useMemo(() => createShow({ locale, currency, timeZone }), [locale, currency, timeZone]);
}

const DEFAULTS: FrameFacts = { locale: "en", currency: "USD", timeZone: "UTC" };
