/** Reminders before points expire: the merchant's choice with the latest of all members, and those of one. */
import { BlockStack, Box, Card, IndexTable, Link, Select, Text } from "@shopify/polaris";
import { REMIND_DAYS } from "../../core/loyalty/remind-days.ts";
import { useDataAction } from "../data/use-data-action.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useShow } from "../frame/use-show.ts";

export interface Reminder {
  memberId: number;
  expiresAt: number;
  points: number;
  remindedAt: number;
}

const NEVER = "never";

export function RemindersCard({
  days,
  reminders,
}: {
  days: number | null;
  reminders: readonly (Reminder & { customerId: number | null })[];
}) {
  const show = useShow();
  const { send, running } = useDataAction();
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="300">
          <CardHeading
            title="Points about to expire"
            actions={
              reminders.length > 0 && (
                <ExportButton table="points-reminders" subject="points about to expire" />
              )
            }
          />
          <Select
            label="Note it"
            options={[
              ...REMIND_DAYS.map((each) => ({ value: String(each), label: `${each} days before` })),
              { value: NEVER, label: "Never" },
            ]}
            value={days === null ? NEVER : String(days)}
            onChange={(value) => send({ intent: "remind", days: value })}
            disabled={running !== null}
            helpText="Each member has one note for points that expire together. It stands here and in the customer's account, and starts workflows of Shopify Flow and webhooks (Developers), which can write to them. The file tells whom it is about, and what is still there."
          />
        </BlockStack>
      </Box>
      {reminders.length === 0 ? (
        <Empty heading="Nothing yet">
          <p>Once a day it is looked up whose points are about to expire.</p>
        </Empty>
      ) : (
        <IndexTable
          resourceName={{ singular: "note", plural: "notes" }}
          itemCount={reminders.length}
          selectable={false}
          headings={[
            { title: "Customer" },
            { title: "Points", alignment: "end" },
            { title: "Expire" },
            { title: "Noted" },
          ]}
        >
          {reminders.map(({ memberId, customerId, expiresAt, points, remindedAt }, position) => (
            <IndexTable.Row
              key={`${memberId}/${expiresAt}`}
              id={`${memberId}/${expiresAt}`}
              position={position}
            >
              <IndexTable.Cell>
                {customerId === null ? (
                  `Member ${memberId}`
                ) : (
                  <Link url={`/app/customers/${customerId}/points`} monochrome removeUnderline>
                    {String(customerId)}
                  </Link>
                )}
              </IndexTable.Cell>
              <IndexTable.Cell>
                <Text as="span" alignment="end" numeric>
                  {show.count(points)}
                </Text>
              </IndexTable.Cell>
              <IndexTable.Cell>{show.date(expiresAt - 1)}</IndexTable.Cell>
              <IndexTable.Cell>{show.date(remindedAt)}</IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
    </Card>
  );
}

/** Nothing where none is about to expire. */
export function AboutToExpire({ reminders }: { reminders: readonly Reminder[] }) {
  const show = useShow();
  if (reminders.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          About to expire
        </Text>
        {reminders.map(({ expiresAt, points, remindedAt }) => (
          <Text as="p" key={expiresAt}>
            {`${show.counted(points, "point", "points")} after ${show.date(expiresAt - 1)}, noted ${show.date(remindedAt)}.`}
          </Text>
        ))}
      </BlockStack>
    </Card>
  );
}
