/** Pausing the programme, with what that means for orders placed meanwhile, and going on. */
import { BlockStack, Button, Card, ChoiceList, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { PageSection } from "../frame/page-section.tsx";

type Accrues = "yes" | "no";

export function PauseSection({ isPaused, isAccruing }: { isPaused: boolean; isAccruing: boolean }) {
  const { send, running } = useDataAction();
  const [accrues, setAccrues] = useState<Accrues>("yes");
  const [isAsking, setAsking] = useState(false);
  return (
    <PageSection
      id="pause"
      title="Pause"
      description="While the programme is paused nobody can spend points. What members have stays theirs, and expires as before."
    >
      <Card>
        <BlockStack gap="400">
          {isPaused ? (
            <>
              <div role="status" data-paused={isAccruing ? "accruing" : "not-accruing"}>
                <Text as="p" fontWeight="semibold">
                  {isAccruing
                    ? "The programme is paused. Orders placed meanwhile earn points as usual."
                    : "The programme is paused. Orders placed meanwhile earn nothing, also later."}
                </Text>
              </div>
              <InlineStack>
                <Button
                  variant="primary"
                  onClick={() => send({ intent: "go-on" })}
                  loading={running?.intent === "go-on"}
                >
                  Go on
                </Button>
              </InlineStack>
            </>
          ) : (
            <>
              <ChoiceList
                title="Orders placed while it is paused"
                choices={[
                  {
                    label: "Earn points",
                    value: "yes",
                    helpText: "They can be spent once the programme goes on.",
                  },
                  {
                    label: "Earn nothing",
                    value: "no",
                    helpText:
                      "Going on later does not credit them. Orders placed before keep earning by their own rules.",
                  },
                ]}
                selected={[accrues]}
                onChange={([value]) => setAccrues(value === "no" ? "no" : "yes")}
              />
              <InlineStack>
                <Button onClick={() => setAsking(true)} loading={running?.intent === "pause"}>
                  Pause the programme
                </Button>
              </InlineStack>
            </>
          )}
        </BlockStack>
      </Card>
      <Confirm
        open={isAsking}
        title="Pause the programme?"
        text={
          accrues === "yes"
            ? "Nobody can spend points until you go on. Orders placed meanwhile earn points as usual."
            : "Nobody can spend points until you go on. Orders placed meanwhile earn nothing, also later."
        }
        action="Pause it"
        onConfirm={() => send({ intent: "pause", accrues })}
        onClose={() => setAsking(false)}
      />
    </PageSection>
  );
}
