/** What an order has brought, asked of the backend until it knows the order; pages say what they know meanwhile. */
import { useEffect, useState } from "preact/hooks";
import { ask, isSilent, type Asking } from "../../shared/ask.ts";

export interface OrderPoints {
  points: number;
  pending: number;
  ripensAt: string | null;
}

export type OrderState =
  { known: "no" } | { known: "not-yet" } | { known: "silent" } | { known: "yes"; order: OrderPoints };

/** Shopify tells of an order some seconds after it. */
const WAITS_MS = [0, 2_000, 3_000, 5_000, 10_000];

/** `null`: there is nobody to ask for. Another `asking` asks anew. */
export function useOrderPoints(asking: Asking | null, orderId: string | null) {
  const [state, keep] = useState<OrderState>({ known: "no" });
  const [attempt, again] = useState(0);
  useEffect(() => {
    if (!asking || orderId === null) return undefined;
    let isGone = false;
    const look = async () => {
      keep({ known: "no" });
      for (const waitMs of WAITS_MS) {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        if (isGone) return;
        const answer = await ask<OrderPoints>(asking, "order", { order: orderId });
        if (isGone) return;
        if (answer.ok) return keep({ known: "yes", order: answer });
        keep({ known: isSilent(answer) ? "silent" : "not-yet" });
        if (isSilent(answer)) return;
      }
    };
    void look();
    return () => {
      isGone = true;
    };
  }, [asking, orderId, attempt]);
  return { state, retry: () => again((count) => count + 1) };
}
