/** The table that the merchant chose, with what it is to be compared with and what was left out of it. */
import { BlockStack, Box, Card, InlineStack, Text } from "@shopify/polaris";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { FirstProducts } from "../../core/metrics/first-products.ts";
import type { PairPage } from "../../core/metrics/product-tables.ts";
import type { ProductPair } from "../../core/metrics/product-pairs.ts";
import type { ProductFigures, Products } from "../../core/metrics/products.ts";
import { MINIMUM_CUSTOMERS, type RepeatRate } from "../../core/metrics/repeat-rate.ts";
import { Empty } from "../frame/empty.tsx";
import type { Show } from "../frame/show.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";
import { ProductName } from "./product-name.tsx";
import { Rate, Spanned } from "./rate.tsx";
import { SortedTable, type Column, type Sorting } from "./sorted-table.tsx";

type Titled = { title: string | null };
type FirstRow = FirstProducts["products"][number] & Titled;
type ProductRow = ProductFigures & Titled;
type PairRow = ProductPair & { firstTitle: string | null; secondTitle: string | null };

interface Page<Row> {
  rows: Row[];
  total: number;
  coverage: Coverage;
}
type FirstReport = Page<FirstRow> & {
  table: "first";
  all: RepeatRate | null;
  others: FirstProducts["others"];
  unknown: FirstProducts["unknown"];
};
type ProductsReport = Page<ProductRow> & { table: "products" } & Omit<Products, "products">;
type PairsReport = Page<PairRow> & { table: "together" | "next" } & Omit<PairPage, "rows" | "total">;
type ShownReport = FirstReport | ProductsReport | PairsReport;

interface ReportProps {
  report: ShownReport;
  sorting: Sorting;
  rowsPerPage: number;
  isSearched: boolean;
}

export function ProductReport({ report, sorting, rowsPerPage, isSearched }: ReportProps) {
  const show = useShow();
  const shared = { total: report.total, sorting, rowsPerPage };
  return (
    <BlockStack gap="300">
      <Card padding="0">
        <Box padding="400">
          <InlineStack align="space-between" blockAlign="start" wrap={false} gap="200">
            <Text as="p" tone="subdued">
              {summaryOf(report, show)}
            </Text>
            <FigureInformation {...DEFINED[report.table]} coverage={report.coverage} />
          </InlineStack>
        </Box>
        {report.total === 0 ? (
          <Nothing report={report} isSearched={isSearched} />
        ) : report.table === "first" ? (
          <SortedTable
            {...shared}
            rows={report.rows}
            rowId={({ productId }) => String(productId)}
            columns={firstColumns(show)}
            names={PRODUCTS}
          />
        ) : report.table === "products" ? (
          <SortedTable
            {...shared}
            rows={report.rows}
            rowId={({ productId }) => String(productId)}
            columns={productColumns(show)}
            names={PRODUCTS}
          />
        ) : (
          <SortedTable
            {...shared}
            rows={report.rows}
            rowId={({ firstId, secondId }) => `${firstId}-${secondId}`}
            columns={pairColumns(show, report.table)}
            names={PAIRS}
          />
        )}
      </Card>
      <Box paddingInline={{ xs: "400", sm: "0" }}>
        <Text as="p" variant="bodySm" tone="subdued">
          {footnoteOf(report, show)}
        </Text>
      </Box>
    </BlockStack>
  );
}

const DEFINED = {
  first: { name: "firstProductRate", label: "First product" },
  products: { name: "productRates", label: "Product" },
  together: { name: "productsTogether", label: "Bought together" },
  next: { name: "productsNext", label: "Bought next" },
} as const;

const PRODUCTS = { singular: "product", plural: "products" };
const PAIRS = { singular: "pair", plural: "pairs" };

function firstColumns(show: Show): [Column<FirstRow>, ...Column<FirstRow>[]] {
  return [
    { title: "First product", cell: (row) => <ProductName id={row.productId} title={row.title} /> },
    { title: "Customers", sort: "customers", cell: (row) => show.count(row.customers) },
    { title: "Ordered again", sort: "repeatCustomers", cell: (row) => show.count(row.repeatCustomers) },
    { title: "Repeat rate", sort: "rate", cell: (row) => <Rate rate={row} /> },
  ];
}

function productColumns(show: Show): [Column<ProductRow>, ...Column<ProductRow>[]] {
  return [
    { title: "Product", cell: (row) => <ProductName id={row.productId} title={row.title} /> },
    { title: "Net sales", sort: "netMinor", cell: (row) => show.money(row.netMinor) },
    { title: "Orders", sort: "orders", cell: (row) => show.count(row.orders) },
    { title: "Buyers", sort: "buyers", cell: (row) => show.count(row.buyers) },
    { title: "Units", sort: "units", cell: (row) => show.count(row.units) },
    { title: "Refund rate", sort: "refundRate", cell: (row) => show.share(row.refundRate) },
    { title: "Ordered anything again", sort: "again", cell: (row) => <Rate rate={row.again} /> },
    { title: "Bought it again", sort: "same", cell: (row) => <Rate rate={row.same} /> },
    {
      title: "Median days to it",
      sort: "medianDaysToSame",
      cell: (row) => show.number(row.medianDaysToSame, 1),
    },
  ];
}

function pairColumns(show: Show, table: PairsReport["table"]): [Column<PairRow>, ...Column<PairRow>[]] {
  const isNext = table === "next";
  return [
    {
      title: isNext ? "Bought first" : "Product",
      cell: (row) => <ProductName id={row.firstId} title={row.firstTitle} />,
    },
    {
      title: isNext ? "Bought next" : "Bought with",
      cell: (row) => <ProductName id={row.secondId} title={row.secondTitle} />,
    },
    {
      title: "Orders",
      sort: "orders",
      cell: (row) => <Spanned value={show.count(row.orders)} below={show.share(row.support)} />,
    },
    ...(isNext
      ? [{ title: "Of the first’s orders", sort: "share", cell: (row: PairRow) => show.share(row.share) }]
      : []),
    {
      title: "Against chance",
      sort: "liftLow",
      cell: (row) => (
        <Spanned
          value={`${show.number(row.lift, 2)}×`}
          below={`${show.number(row.liftLow, 2)} – ${show.number(row.liftHigh, 2)}`}
        />
      ),
    },
    { title: "Buyers", sort: "buyers", cell: (row) => show.count(row.buyers) },
    { title: "Ordered again after both", sort: "again", cell: (row) => <Rate rate={row.again} /> },
  ];
}

function summaryOf(report: ShownReport, show: Show): string {
  const rate = (all: RepeatRate | null) =>
    all
      ? ` Of all ${show.count(all.customers)} customers, ${show.share(all.rate)} ordered again.`
      : " There are too few customers to compare with.";
  switch (report.table) {
    case "first":
      return `The largest product of customers' first orders, and how many of them ordered again.${rate(report.all)}`;
    case "products":
      return `What each product sold, and how many of its buyers ordered anything again, or the same product.${rate(report.all.again)}`;
    case "together":
      return `Products that stand in one order more often than chance would have it, of ${show.count(report.observations)} orders.`;
    case "next":
      return `What customers bought in the order after the one with the first product, of ${show.count(report.observations)} orders that another one followed.`;
  }
}

function footnoteOf(report: ShownReport, show: Show): string {
  const isPairs = report.table === "together" || report.table === "next";
  const notes = [
    isPairs
      ? "Against chance: how many times as often as if the two had nothing to do with each other. The spans are 95% intervals, and under the orders is their share of all."
      : "The span under a rate is its 95% interval.",
  ];
  if (report.table === "first") {
    const { others, unknown } = report;
    if (others) {
      notes.push(
        `${show.count(others.productCount)} more products have fewer than ${MINIMUM_CUSTOMERS} first customers each; together ${show.share(others.rate)} of their ${show.count(others.customers)} customers ordered again.`,
      );
    }
    if (unknown) notes.push(`${show.count(unknown.customers)} first orders name no product.`);
  } else if (report.table === "products") {
    notes.push(`Rates are shown from ${MINIMUM_CUSTOMERS} buyers on.`);
    if (report.ordersWithoutProduct > 0) {
      notes.push(
        `${show.count(report.ordersWithoutProduct)} of ${show.count(report.orders)} orders name no product.`,
      );
    }
  } else {
    notes.push(
      `Pairs of fewer than ${show.count(report.minimumOrders)} orders are left out, because chance alone brings some.`,
    );
    if (report.productsLeftOut > 0) {
      notes.push(
        `The ${show.count(report.comparedProducts)} most ordered products are compared; ${show.count(report.productsLeftOut)} more are not.`,
      );
    }
    if (report.largeOrdersLeftOut > 0) {
      notes.push(`${show.count(report.largeOrdersLeftOut)} orders with very many products are left out.`);
    }
  }
  return notes.join(" ");
}

function Nothing({ report, isSearched }: Pick<ReportProps, "report" | "isSearched">) {
  if (isSearched) {
    return (
      <Empty heading="No product found">
        <p>Nothing in this table has such a title. Try another word, or a longer period.</p>
      </Empty>
    );
  }
  const isPairs = report.table === "together" || report.table === "next";
  return (
    <Empty heading={isPairs ? "No pairs yet" : "Too few orders yet"}>
      <p>
        {isPairs
          ? `A pair appears here once it was bought ${report.minimumOrders} times in the period. Try a longer period.`
          : report.table === "first"
            ? `A product appears here once ${MINIMUM_CUSTOMERS} customers began with it in the period. Try a longer period.`
            : "No order of this period names a product. Try a longer period."}
      </p>
    </Empty>
  );
}
