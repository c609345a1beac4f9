/** Who may buy products, as it is being typed: days are empty where there is none. */
import { dayFromIso } from "../../core/calendar.ts";
import type { AccessRule } from "../../core/loyalty/product-access.ts";
import type { Show } from "../frame/show.ts";

export interface TypedAccess {
  steps: readonly { tierId: string; from: string }[];
  openFrom: string;
}

export function typedAccess({ steps, openFrom }: AccessRule): TypedAccess {
  return {
    steps: steps.map(({ tierId, from }) => ({ tierId, from: from ?? "" })),
    openFrom: openFrom ?? "",
  };
}

export type ReadAccess = { ok: true; access: AccessRule } | { ok: false; fault: string };

export function readTypedAccess({ steps, openFrom }: TypedAccess): ReadAccess {
  const ids = steps.map(({ tierId }) => tierId);
  if (new Set(ids).size < ids.length) return { ok: false, fault: "Each tier once" };
  if (openFrom !== "" && steps.some(({ from }) => from >= openFrom))
    return { ok: false, fault: "Everybody’s day comes after those of the tiers" };
  return {
    ok: true,
    access: {
      steps: steps.map(({ tierId, from }) => ({ tierId, from: from === "" ? null : from })),
      openFrom: openFrom === "" ? null : openFrom,
    },
  };
}

/** Such as "Gold and above from 1 Aug 2026, everybody from 5 Aug 2026". */
export function accessInWords(
  { steps, openFrom }: AccessRule,
  ladder: readonly { id: string; name: string }[],
  show: Pick<Show, "day">,
): string {
  const on = (day: string) => show.day(dayFromIso(day));
  const known = steps.flatMap(({ tierId, from }) => {
    const tier = ladder.find(({ id }) => id === tierId);
    if (!tier) return [];
    const who = tier.id === ladder.at(-1)?.id ? tier.name : `${tier.name} and above`;
    return [from === null ? who : `${who} from ${on(from)}`];
  });
  if (known.length === 0) return "Everybody: the tier that it was for is not there any more";
  return [...known, ...(openFrom === null ? [] : [`everybody from ${on(openFrom)}`])].join(", ");
}
