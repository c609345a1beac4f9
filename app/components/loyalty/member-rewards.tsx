/** What a member has had for points, what has become of each, and taking back what nobody has used. */
import { Badge, BlockStack, Box, Button, Card, IndexTable, InlineStack, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import { isCode } from "../../core/loyalty/reward-bounds.ts";
import { isMadeHere, type MadeHere, type RedemptionTerms } from "../../core/loyalty/reward.ts";
import type { RedemptionStatus } from "../../core/loyalty/redemption.ts";
import { OrderLink, type OrderNames } from "../customers/order-name.tsx";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCell } from "./figure-cell.tsx";

export interface ShownRedemption {
  id: string;
  terms: RedemptionTerms;
  points: number;
  status: RedemptionStatus;
  codeEnd: string;
  shopifyId: string | null;
  reservedAt: number;
  expiresAt: number;
  usedOrderId: number | null;
  isRestored: boolean;
  returnedPoints: number;
  cancelAskedAt: number | null;
  failedBecause: string | null;
}

interface StatusWords {
  words: string;
  tone?: "success" | "info" | "critical" | "attention";
}

/** Until Shopify has ended it, it can still be used. */
const BEING_CANCELLED: StatusWords = { words: "Being cancelled", tone: "attention" };

const STATUSES: Readonly<Record<RedemptionStatus, StatusWords>> = {
  reserved: { words: "Being made", tone: "info" },
  issued: { words: "Can be used", tone: "success" },
  used: { words: "Used" },
  cancelled: { words: "Cancelled" },
  expired: { words: "Expired" },
  failed: { words: "Not made", tone: "critical" },
};

/** Why Shopify made nothing of it, as codes say it. */
const FAILURES: Readonly<Record<string, string>> = {
  NO_CUSTOMER: "the customer was erased",
  SCOPE_MISSING: "Shopify does not allow it yet",
  PRODUCT_NOT_FOUND: "the product is gone",
};

/** Why Shopify did not end it, as codes say it. */
const REFUSALS: Readonly<Record<string, string>> = {
  ACCESS_DENIED: "it does not allow Perennial to; see the page of rewards",
};

export function MemberRewards({
  redemptions,
  names,
}: {
  redemptions: readonly ShownRedemption[];
  names: OrderNames;
}) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [asked, setAsked] = useState<ShownRedemption | null>(null);
  return (
    <Card padding="0">
      <Box padding="400">
        <CardHeading title="Rewards" actions={null} />
      </Box>
      {redemptions.length === 0 ? (
        <Empty heading="No rewards yet">
          <p>What this customer redeems appears here, with its code and what becomes of it.</p>
        </Empty>
      ) : (
        <IndexTable
          resourceName={{ singular: "reward", plural: "rewards" }}
          itemCount={redemptions.length}
          selectable={false}
          headings={[
            { title: "Reward" },
            { title: "Points", alignment: "end" },
            { title: "Code" },
            { title: "Redeemed" },
            { title: "Cancel", hidden: true },
          ]}
        >
          {redemptions.map((redemption, position) => (
            <IndexTable.Row key={redemption.id} id={redemption.id} position={position}>
              <IndexTable.Cell>
                <RewardWords redemption={redemption} names={names} />
              </IndexTable.Cell>
              <FigureCell text={show.count(redemption.points)} />
              <IndexTable.Cell>
                <CodeLink redemption={redemption} />
              </IndexTable.Cell>
              <IndexTable.Cell>{show.time(redemption.reservedAt)}</IndexTable.Cell>
              <IndexTable.Cell>
                {canCancel(redemption) && (
                  <Button
                    variant="plain"
                    onClick={() => setAsked(redemption)}
                    loading={running?.id === redemption.id}
                    accessibilityLabel={`Cancel ${redemption.terms.name} of ${show.time(redemption.reservedAt)}`}
                  >
                    Cancel
                  </Button>
                )}
              </IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
      <Confirm
        open={asked !== null}
        title="Cancel this reward?"
        text={`${asked && isMadeHere(asked.terms.gives) ? "It is taken back at once:" : "Shopify ends it first, so that nobody can use it. Where nobody has,"} ${show.counted(asked?.points ?? 0, "point goes", "points go")} back to where they were taken from, with their old expiry.`}
        action="Cancel the reward"
        destructive
        onConfirm={() => asked && send({ intent: "cancel", id: asked.id })}
        onClose={() => setAsked(null)}
      />
    </Card>
  );
}

/** What is at Shopify as long as nobody has used it; what Perennial gives by itself also after that. */
function canCancel({ status, usedOrderId, terms: { gives } }: ShownRedemption): boolean {
  if (isMadeHere(gives)) return status === "issued" || (status === "used" && usedOrderId === null);
  return status === "issued" && gives.kind !== "store-credit";
}

/** Of what Perennial gives by itself, once it is done. */
const DONE: Readonly<Record<MadeHere["kind"], string>> = {
  ...{ "partner-code": "Used", donation: "Given to the cause", refill: "Brought in" },
  event: "The day is over",
};

function RewardWords({ redemption, names }: { redemption: ShownRedemption; names: OrderNames }) {
  const show = useShow();
  const { terms, status, usedOrderId } = redemption;
  const isEnding = status === "issued" && redemption.cancelAskedAt !== null;
  const { words, tone } = isEnding ? BEING_CANCELLED : STATUSES[status];
  return (
    <div style={{ minWidth: "11rem", whiteSpace: "normal", overflowWrap: "anywhere" }}>
      <BlockStack gap="050">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span" fontWeight="medium">
            {terms.name}
          </Text>
          {tone ? <Badge tone={tone}>{words}</Badge> : <Badge>{words}</Badge>}
        </InlineStack>
        <Text as="span" variant="bodySm" tone="subdued">
          {usedOrderId === null ? (
            becameOf(redemption, show)
          ) : (
            <>
              {"Used on order "}
              <OrderLink orderId={usedOrderId} names={names} />
              {redemption.returnedPoints > 0 &&
                `, ${show.counted(redemption.returnedPoints, "point", "points")} back since`}
            </>
          )}
        </Text>
      </BlockStack>
    </div>
  );
}

function becameOf(
  { status, expiresAt, points, isRestored, failedBecause, cancelAskedAt, terms }: ShownRedemption,
  show: Show,
): string {
  const back = isRestored ? `${show.counted(points, "point", "points")} back` : "no points back";
  switch (status) {
    case "reserved":
      return "Shopify is being asked for it";
    case "failed":
      return `${FAILURES[failedBecause ?? ""] ?? `Shopify refused it (${failedBecause ?? "no reason"})`}; ${back}`;
    case "cancelled":
      return back;
    case "expired":
      return `Expired unused ${show.date(expiresAt)}; ${back}`;
    case "used":
      return isMadeHere(terms.gives) ? DONE[terms.gives.kind] : "Used";
    default:
      if (cancelAskedAt !== null)
        return `Asked for ${show.time(cancelAskedAt)}; points come back once Shopify has ended it`;
      return failedBecause === null
        ? `Until ${show.time(expiresAt)}`
        : `Until ${show.time(expiresAt)}: Shopify refused to cancel it (${REFUSALS[failedBecause] ?? failedBecause})`;
  }
}

/** The whole code stands at Shopify, where it is opened. */
function CodeLink({ redemption: { terms, codeEnd, shopifyId } }: { redemption: ShownRedemption }) {
  if (terms.gives.kind === "store-credit" || terms.gives.kind === "donation") return "No code";
  const shown = `•••• ${codeEnd}`;
  if (shopifyId === null) return shown;
  const place = isCode(terms.gives) ? "discounts" : "gift_cards";
  return (
    <Link
      monochrome
      onClick={() => void open(`shopify://admin/${place}/${shopifyId}`, "_top")}
      accessibilityLabel={`The code that ends in ${codeEnd}, in Shopify`}
    >
      {shown}
    </Link>
  );
}
