/** Who has a place at an event or a code for a refill: the list at the door, and confirming what was brought. */
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  IndexTable,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { CustomerName, NamesMissing, type CustomerNames } from "../customers/customer-name.tsx";
import { useTold } from "../customers/use-told.ts";
import { Confirm } from "../data/confirm.tsx";
import { useDataAction } from "../data/use-data-action.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";

interface Holder {
  id: string;
  memberId: number;
  customerId: number | null;
  status: string;
  codeEnd: string;
  reservedAt: number;
}

export function HoldersCard({
  rewardId,
  holders,
  names,
}: {
  rewardId: string;
  holders: readonly Holder[];
  names: Promise<CustomerNames>;
}) {
  const show = useShow();
  const told = useTold<CustomerNames>(names);
  const { send, running } = useDataAction();
  const [asked, setAsked] = useState<Holder | null>(null);
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <CardHeading
            title="Who has it"
            actions={
              holders.length > 0 && (
                <ExportButton table="reward-holders" subject="who has it" also={{ reward: rewardId }} />
              )
            }
          />
          <Text as="p" tone="subdued">
            The latest 100; the file has all, with the customers’ ids. Names are asked for while you look.
          </Text>
          <NamesMissing names={told} />
        </BlockStack>
      </Box>
      {holders.length === 0 ? (
        <Empty heading="Nobody yet">
          <p>Whoever redeems it appears here.</p>
        </Empty>
      ) : (
        <IndexTable
          resourceName={{ singular: "member", plural: "members" }}
          itemCount={holders.length}
          selectable={false}
          headings={[
            { title: "Customer" },
            { title: "Code" },
            { title: "State" },
            { title: "Redeemed" },
            { title: "Take back", hidden: true },
          ]}
        >
          {holders.map((holder, position) => (
            <IndexTable.Row key={holder.id} id={holder.id} position={position}>
              <IndexTable.Cell>
                {holder.customerId === null ? (
                  `Erased (member ${holder.memberId})`
                ) : (
                  <CustomerName customerId={holder.customerId} names={told} />
                )}
              </IndexTable.Cell>
              <IndexTable.Cell>{`•••• ${holder.codeEnd}`}</IndexTable.Cell>
              <IndexTable.Cell>
                {holder.status === "used" ? <Badge>Done</Badge> : <Badge tone="success">Open</Badge>}
              </IndexTable.Cell>
              <IndexTable.Cell>{show.time(holder.reservedAt)}</IndexTable.Cell>
              <IndexTable.Cell>
                {/* A press anywhere else in the row opens the customer. */}
                <div role="presentation" onClick={(event) => event.stopPropagation()}>
                  <Button
                    variant="plain"
                    onClick={() => setAsked(holder)}
                    loading={running?.id === holder.id}
                    accessibilityLabel={`Take back the one that ends in ${holder.codeEnd}`}
                  >
                    Take back
                  </Button>
                </div>
              </IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
      <Confirm
        open={asked !== null}
        title="Take this back?"
        text="The points go back to where they were taken from, with their old expiry, and a place is free for somebody else."
        action="Take it back"
        destructive
        onConfirm={() => asked && send({ intent: "take-back", id: asked.id })}
        onClose={() => setAsked(null)}
      />
    </Card>
  );
}

export function ConfirmCard({ rewardId }: { rewardId: string }) {
  const { send, running } = useDataAction();
  const [code, setCode] = useState("");
  const confirm = () => {
    send({ intent: "confirm", id: rewardId, code });
    setCode("");
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Somebody brings it
        </Text>
        <TextField
          label="Code"
          helpText="As the member shows it. Once it is confirmed, it cannot be used again or given back."
          value={code}
          onChange={setCode}
          autoComplete="off"
          maxLength={40}
        />
        <InlineStack>
          <Button onClick={confirm} disabled={code.trim() === ""} loading={running?.intent === "confirm"}>
            Confirm
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
