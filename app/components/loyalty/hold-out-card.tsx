/** Keeping a drawn share of customers out of the programme: what it costs, beginning it and ending it. */
import { BlockStack, Button, Card, InlineStack, List, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { HELD_OUT_SHARES, SUGGESTED_SHARE } from "../../core/loyalty/hold-out.ts";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { useShow } from "../frame/use-show.ts";

interface ShownHoldOut {
  basisPoints: number;
  since: number;
  until: number | null;
}

export function HoldOutCard({ holdOut }: { holdOut: ShownHoldOut | null }) {
  const show = useShow();
  const { send, running } = useDataAction();
  const [share, setShare] = useState(String(SUGGESTED_SHARE));
  const [asks, setAsks] = useState<"begin" | "end" | null>(null);
  const isRunning = holdOut !== null && holdOut.until === null;
  const shareOf = (basisPoints: number) => show.shareShort(basisPoints / 10_000);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Keep a drawn share of customers out
        </Text>
        <Text as="p">
          {isRunning
            ? `${shareOf(holdOut.basisPoints)} of customers have been kept out since ${show.date(holdOut.since)}.`
            : "Nobody is kept out. Chance alone decides who would be, so what the others bring beyond them is the programme’s doing: there is no other proof."}
        </Text>
        <List>
          <List.Item>
            Who is drawn earns nothing, cannot join and sees no programme in the shop, in the checkout or in
            their account, as soon as they are logged in. Whoever is a member already stays one.
          </List.Item>
          <List.Item>
            It costs you what the programme would have brought from them, as long as it lasts, and a customer
            may wonder why a friend collects points.
          </List.Item>
          <List.Item>
            What their orders would have earned waits, and is theirs when they become members after the end.
          </List.Item>
        </List>
        {!isRunning && (
          <Select
            label="Share"
            options={HELD_OUT_SHARES.map((each) => ({
              value: String(each),
              label: each === SUGGESTED_SHARE ? `${shareOf(each)} (suggested)` : shareOf(each),
            }))}
            value={share}
            onChange={setShare}
            helpText="It cannot be changed while it lasts. A small shop needs a larger share to be told anything."
          />
        )}
        <InlineStack>
          {isRunning ? (
            <Button onClick={() => setAsks("end")} loading={running?.intent === "let-in"}>
              Let everybody in
            </Button>
          ) : (
            <Button onClick={() => setAsks("begin")} loading={running?.intent === "keep-out"}>
              Begin
            </Button>
          )}
        </InlineStack>
      </BlockStack>
      <Confirm
        open={asks === "begin"}
        title={`Keep ${shareOf(Number(share))} of customers out?`}
        text={`From now on a drawn ${shareOf(Number(share))} of those who are no members can neither join nor earn.${holdOut ? " What the comparison before has told is no longer shown." : ""}`}
        action="Begin"
        onConfirm={() => send({ intent: "keep-out", basisPoints: share })}
        onClose={() => setAsks(null)}
      />
      <Confirm
        open={asks === "end"}
        title="Let everybody in?"
        text="The comparison ends: who was kept out can join from now on, and whose 90 days are not over is not counted. What was told until today stays."
        action="Let everybody in"
        onConfirm={() => send({ intent: "let-in" })}
        onClose={() => setAsks(null)}
      />
    </Card>
  );
}
