/** The ledger of all members, newest first, with its filters and its file. */
import { BlockStack, Box, Card, IndexTable, InlineGrid, Link, Select } from "@shopify/polaris";
import type { MemberSums } from "../../core/loyalty/explain.ts";
import type { TransactionKind } from "../../core/loyalty/ledger.ts";
import type { OrderNames } from "../customers/order-name.tsx";
import { useTold } from "../customers/use-told.ts";
import { CardHeading } from "../frame/card-heading.tsx";
import { Empty } from "../frame/empty.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { CustomerField } from "./customer-field.tsx";
import { FigureCell } from "./figure-cell.tsx";
import { LineWords } from "./line-source.tsx";
import { KIND_WORDS, signed } from "./line-words.ts";

interface Line extends MemberSums {
  kind: TransactionKind;
  sourceId: string;
  sequence: number;
  at: number;
  memberId: number;
  customerId: number | null;
  reason: string | null;
  ripensAt: number | null;
  expiresAt: number | null;
}

interface ActivityPage {
  kind: TransactionKind | null;
  typed: string;
  lines: readonly Line[];
  older: string | null;
  isFirstPage: boolean;
  orderNames: Promise<OrderNames>;
  /** What redemptions were of, by their ids. */
  redeemed: Readonly<Record<string, string>>;
}

const ANY = "any";
const KIND_OPTIONS = [
  { value: ANY, label: "Everything" },
  ...Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label })),
];

export function ActivityTable({ page }: { page: ActivityPage }) {
  const [, change] = useAddress();
  const show = useShow();
  const { value: names } = useTold(page.orderNames);
  const { lines, older, isFirstPage } = page;
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="400">
          <CardHeading
            title="All points"
            actions={lines.length > 0 && <ExportButton table="points-activity" subject="the activity" />}
          />
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label="What happened"
              options={KIND_OPTIONS}
              value={page.kind ?? ANY}
              onChange={(kind) => change({ kind: kind === ANY ? null : kind, after: null })}
            />
            <CustomerField key={page.typed} typed={page.typed} others={["member"]} />
          </InlineGrid>
        </BlockStack>
      </Box>
      {lines.length === 0 ? (
        <Empty heading="Nothing here">
          <p>
            {page.kind === null && page.typed === ""
              ? "Every change of points appears here, from the first order that earns on."
              : "Nothing in the ledger is like that."}
          </p>
        </Empty>
      ) : (
        <IndexTable
          resourceName={{ singular: "line", plural: "lines" }}
          itemCount={lines.length}
          selectable={false}
          headings={[
            { title: "What happened" },
            { title: "Available", alignment: "end" },
            { title: "Pending", alignment: "end" },
            { title: "When" },
            { title: "Customer" },
          ]}
          pagination={{
            hasPrevious: !isFirstPage,
            hasNext: older !== null,
            onPrevious: () => change({ after: null }),
            onNext: () => change({ after: older }),
            accessibilityLabel: "Pages of the activity",
          }}
        >
          {lines.map((line, position) => (
            <IndexTable.Row
              key={`${line.kind}/${line.sourceId}/${line.sequence}`}
              id={`${line.kind}/${line.sourceId}/${line.sequence}`}
              position={position}
            >
              <IndexTable.Cell>
                <LineWords line={line} names={names} redeemed={page.redeemed} />
              </IndexTable.Cell>
              <FigureCell text={signed(line.available - line.owed, show)} />
              <FigureCell text={signed(line.pending, show)} />
              <IndexTable.Cell>{show.time(line.at)}</IndexTable.Cell>
              <IndexTable.Cell>
                {line.customerId === null ? (
                  `Member ${line.memberId}`
                ) : (
                  <Link url={`/app/customers/${line.customerId}/points`} monochrome removeUnderline>
                    {String(line.customerId)}
                  </Link>
                )}
              </IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      )}
    </Card>
  );
}
