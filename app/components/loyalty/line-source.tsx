/** What a line of the ledger is about: its kind in words, and the order behind it. */
import { Text } from "@shopify/polaris";
import { orderBehind, redemptionBehind, type LineSource } from "../../core/loyalty/order-behind.ts";
import { OrderLink, type OrderNames } from "../customers/order-name.tsx";
import { useShow } from "../frame/use-show.ts";
import { detailOf, KIND_WORDS } from "./line-words.ts";

export function LineWords({
  line,
  names,
  redeemed,
}: {
  line: LineSource & { reason: string | null; ripensAt: number | null; expiresAt: number | null };
  names: OrderNames;
  /** What redemptions were of, by their ids. */
  redeemed: Readonly<Record<string, string>>;
}) {
  const orderId = orderBehind(line);
  const redemptionId = redemptionBehind(line);
  const reward = redemptionId === null ? undefined : redeemed[redemptionId];
  const detail = detailOf(line, useShow());
  return (
    <div style={{ minWidth: "11rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
      <Text as="span" fontWeight="medium">
        {KIND_WORDS[line.kind]}
      </Text>
      {reward !== undefined && `: ${reward}`}
      {orderId !== null && (
        <>
          {": order "}
          <OrderLink orderId={orderId} names={names} />
        </>
      )}
      {detail !== "" && (
        <>
          <br />
          <Text as="span" variant="bodySm" tone="subdued">
            {detail}
          </Text>
        </>
      )}
    </div>
  );
}
