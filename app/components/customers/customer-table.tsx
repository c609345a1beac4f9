/** The rows of the list of customers, with the sorting in its headings and the way to the next page below. */
import { Badge, Box, IndexTable, InlineStack, Text } from "@shopify/polaris";
import type { CustomerPage, CustomerRow, CustomerSort } from "../../core/customers/customer-page.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import { PartialHistory } from "../frame/page-states.tsx";
import { useAddress } from "../frame/use-address.ts";
import cells from "../frame/steady-main.module.css";
import { FIRST_TALL_ROWS, useRowsShown } from "../frame/use-awake.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";
import { BAND_NAMES, BAND_TONES } from "./churn-bands.ts";
import { CustomerName, NamesMissing, type CustomerNames } from "./customer-name.tsx";
import { NoCustomers } from "./no-customers.tsx";
import { sortParameter } from "./sorting.ts";
import { useTold, type Told } from "./use-told.ts";

export interface ShownList {
  sort: CustomerSort;
  descending: boolean;
  /** What customers are expected to do is known. */
  isLearnt: boolean;
}

interface Column {
  title: string;
  /** What the heading sorts by. */
  sort: CustomerSort | null;
  alignment?: "end";
}

type Columns = [Column, ...Column[]];

const COLUMNS: Columns = [
  { title: "Customer", sort: null },
  { title: "Orders", sort: "orders", alignment: "end" },
  { title: "Net sales", sort: "net", alignment: "end" },
  { title: "Average order", sort: "averageOrder", alignment: "end" },
  { title: "First order", sort: "firstOrder" },
  { title: "Last order", sort: "lastOrder" },
];
const LEARNT_COLUMNS: Column[] = [
  { title: "Expected in 12 months", sort: "value", alignment: "end" },
  { title: "Churn risk", sort: "churnRisk" },
  { title: "Order due by", sort: "due" },
];
const LAST_COLUMN: Column = { title: "First product", sort: null };

export function CustomerTable({
  list,
  listed: { stated, titles, names },
}: {
  list: ShownList;
  listed: {
    stated: Stated<CustomerPage>;
    titles: ReadonlyMap<number, string>;
    names: Promise<CustomerNames>;
  };
}) {
  const [, change] = useAddress();
  const show = useShow();
  const told = useTold(names);
  const { rows, matching, preceding, start, end } = stated.figures;
  const rowsShown = useRowsShown(rows, FIRST_TALL_ROWS);
  const { coverage } = stated;
  if (rows.length === 0) return <NoCustomers page={stated.figures} coverage={coverage} />;
  const columns: Columns = [...COLUMNS, ...(list.isLearnt ? LEARNT_COLUMNS : []), LAST_COLUMN];
  const at = ({ value, customerId }: { value: number; customerId: number }) => `${value}_${customerId}`;
  const hasNext = preceding + rows.length < matching;
  return (
    <>
      <Box paddingInline="300" paddingBlock="200">
        <PartialHistory coverage={coverage} />
        <InlineStack align="space-between" blockAlign="center" wrap={false} gap="200">
          <Text as="p" variant="bodySm" tone="subdued">
            {`${show.count(preceding + 1)}–${show.count(preceding + rows.length)} of ${show.counted(matching, "customer", "customers")}. `}
            <NamesMissing names={told} />
          </Text>
          <FigureInformation name="customerList" label="The figures of customers" coverage={coverage} />
        </InlineStack>
      </Box>
      <IndexTable
        resourceName={{ singular: "customer", plural: "customers" }}
        itemCount={rows.length}
        selectable={false}
        headings={columns}
        sortable={columns.map(({ sort }) => sort !== null)}
        sortColumnIndex={columns.findIndex(({ sort }) => sort === list.sort)}
        sortDirection={list.descending ? "descending" : "ascending"}
        defaultSortDirection="descending"
        onSort={(column, direction) => {
          const by = columns[column]?.sort;
          if (by) change({ sort: sortParameter(by, direction === "descending"), after: null, before: null });
        }}
        pagination={{
          hasNext,
          hasPrevious: preceding > 0,
          onNext: () => end && change({ after: at(end), before: null }),
          onPrevious: () => start && change({ before: at(start), after: null }),
          accessibilityLabel: "Pages of customers",
        }}
      >
        {rowsShown.map((row, position) => (
          <CustomerTableRow
            key={row.customerId}
            row={row}
            position={position}
            names={told}
            titles={titles}
            isLearnt={list.isLearnt}
          />
        ))}
      </IndexTable>
    </>
  );
}

function CustomerTableRow({
  row,
  position,
  names,
  titles,
  isLearnt,
}: {
  row: CustomerRow;
  position: number;
  names: Told<CustomerNames>;
  titles: ReadonlyMap<number, string>;
  isLearnt: boolean;
}) {
  const name = <CustomerName customerId={row.customerId} names={names} />;
  return (
    <IndexTable.Row id={String(row.customerId)} position={position}>
      <IndexTable.Cell>
        {row.excluded ? (
          <InlineStack gap="200" wrap={false} blockAlign="center">
            {name}
            <Badge>Left out</Badge>
          </InlineStack>
        ) : (
          name
        )}
      </IndexTable.Cell>
      <FigureCells row={row} />
      {isLearnt && <ExpectedCells expected={row.expected} />}
      <IndexTable.Cell>{productTitle(row.firstProductId, titles)}</IndexTable.Cell>
    </IndexTable.Row>
  );
}

/** The cells behind a customer's name, in this list and in what a search found. */
export function FigureCells({ row }: { row: CustomerRow }) {
  const show = useShow();
  const number = (text: string) => <IndexTable.Cell className={cells.figure}>{text}</IndexTable.Cell>;
  return (
    <>
      {number(show.count(row.orders))}
      {number(show.money(row.netMinor))}
      {number(show.money(row.averageOrderMinor))}
      <IndexTable.Cell>{show.day(row.firstDay)}</IndexTable.Cell>
      <IndexTable.Cell>{show.day(row.lastDay)}</IndexTable.Cell>
    </>
  );
}

function ExpectedCells({ expected }: { expected: CustomerRow["expected"] }) {
  const show = useShow();
  const chances = expected?.chances ?? null;
  return (
    <>
      <IndexTable.Cell className={cells.figure}>{show.money(expected?.valueMinor ?? null)}</IndexTable.Cell>
      <IndexTable.Cell>
        {chances ? (
          <Badge tone={BAND_TONES[chances.band]}>
            {`${BAND_NAMES[chances.band]}, ${show.share(chances.churnRisk)}`}
          </Badge>
        ) : (
          "–"
        )}
      </IndexTable.Cell>
      <IndexTable.Cell>
        {chances?.isOverdue ? (
          <InlineStack gap="200" wrap={false}>
            {show.day(chances.dueBy)}
            <Badge tone="attention">Overdue</Badge>
          </InlineStack>
        ) : (
          ((chances && show.day(chances.dueBy)) ?? "–")
        )}
      </IndexTable.Cell>
    </>
  );
}

export function productTitle(productId: number | null, titles: ReadonlyMap<number, string>): string {
  if (productId === null) return "–";
  return titles.get(productId) ?? `Product ${productId}`;
}
