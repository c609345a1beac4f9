/** What one segment comes to, and how it moved. */
import { Banner, BlockStack, InlineGrid, Text } from "@shopify/polaris";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { SegmentFigures } from "../../core/segments/segment-figures.ts";
import type { SegmentMovement } from "../../core/segments/segment-movement.ts";
import { ChartCard } from "../charts/chart-card.tsx";
import { FOUR_IN_A_ROW } from "../frame/page-states.tsx";
import { useShow } from "../frame/use-show.ts";
import { FigureCard, FigureInformation } from "../metrics/figure-card.tsx";

export function WaitsForModel() {
  return (
    <Banner tone="info" title="This rule waits for what is expected of your customers">
      <p>Their habits are learnt when your history has been read, and every night.</p>
    </Banner>
  );
}

export function SegmentFigureCards({ figures, coverage }: { figures: SegmentFigures; coverage: Coverage }) {
  const show = useShow();
  const { customers, share, netMinor, averageOrderMinor, expectedMinor, meanChurnRisk, acquired } = figures;
  const each = expectedMinor === null || customers === 0 ? null : Math.round(expectedMinor / customers);
  return (
    <section>
      <Text as="h2" variant="headingMd" visuallyHidden>
        What the segment comes to
      </Text>
      <InlineGrid columns={FOUR_IN_A_ROW} gap="300">
        <FigureCard
          name="segmentCustomers"
          label="Customers"
          value={customers}
          shown={show.count(customers)}
          explained={
            share === null ? "No order names a customer yet." : `${show.share(share)} of your customers.`
          }
          coverage={coverage}
        />
        <FigureCard
          name="segmentNet"
          label="Net sales so far"
          value={netMinor}
          shown={show.money(netMinor)}
          explained={`In ${show.counted(figures.orders, "order", "orders")}.`}
          coverage={coverage}
        />
        <FigureCard
          name="segmentAverageOrder"
          label="Average order"
          value={averageOrderMinor}
          shown={show.money(averageOrderMinor)}
          explained="Net sales by orders."
          coverage={coverage}
        />
        <FigureCard
          name="segmentExpected"
          label="Expected in 12 months"
          value={expectedMinor}
          shown={show.money(expectedMinor)}
          explained={expectedMinor === null ? "Not learnt yet." : "Of all of them together."}
          coverage={coverage}
        />
        <FigureCard
          name="segmentExpectedEach"
          label="Value per customer"
          value={each}
          shown={show.money(each)}
          explained="Expected in 12 months, each."
          coverage={coverage}
        />
        <FigureCard
          name="segmentChurnRisk"
          label="Churn risk"
          value={meanChurnRisk}
          shown={show.share(meanChurnRisk)}
          explained="Chance of no order in 12 months, on average."
          coverage={coverage}
        />
        <AcquisitionCards acquired={acquired} customers={customers} coverage={coverage} />
      </InlineGrid>
    </section>
  );
}

function AcquisitionCards({
  acquired,
  customers,
  coverage,
}: {
  acquired: SegmentFigures["acquired"];
  customers: number;
  coverage: Coverage;
}) {
  const show = useShow();
  const { costMinor = 0, valueMinor = null, customers: won = 0 } = acquired ?? {};
  const cost = acquired && costMinor / won;
  const ratio = valueMinor === null || costMinor === 0 ? null : valueMinor / costMinor;
  return (
    <>
      <FigureCard
        name="segmentCost"
        label="Cost per customer (CAC)"
        value={cost}
        shown={show.estimate(cost)}
        explained={
          acquired
            ? `Known of ${show.count(won)} of ${show.count(customers)}, by the month of the first order.`
            : "Write down what you spent on the acquisition page."
        }
        coverage={coverage}
      />
      <FigureCard
        name="segmentValueToCost"
        label="CLV to CAC"
        value={ratio}
        shown={show.times(ratio)}
        explained={
          valueMinor === null
            ? "What they are worth against what they cost."
            : `Each has brought and is expected to bring ${show.estimate(valueMinor / won)}.`
        }
        coverage={coverage}
      />
    </>
  );
}

export function SegmentMovementCard({
  movement,
  coverage,
}: {
  movement: SegmentMovement;
  coverage: Coverage;
}) {
  const show = useShow();
  return (
    <ChartCard
      title="Customers over time"
      description="At the end of each month and now, by today's rule."
      kind="line"
      keyHeading="Day"
      series={[
        {
          name: "Customers",
          data: movement.points.map(({ day, customers }) => ({ key: String(day), value: customers })),
        },
      ]}
      showKey={(day) => show.day(Number(day))}
      showValue={(count) => show.count(count)}
      emptyText="No customer has ordered yet."
      actions={<FigureInformation name="segmentMovement" label="Customers over time" coverage={coverage} />}
    >
      <SinceAMonth movement={movement} />
    </ChartCard>
  );
}

function SinceAMonth({ movement: { since } }: { movement: SegmentMovement }) {
  const show = useShow();
  if (!since) {
    return (
      <Text as="p" tone="subdued">
        Nobody had ordered 30 days before, so there is nothing to compare with.
      </Text>
    );
  }
  return (
    <BlockStack gap="100">
      <Text as="p">
        <span data-figure="cameIn" data-value={since.cameIn}>{`${show.count(since.cameIn)} came in`}</span>
        {" and "}
        <span
          data-figure="wentOut"
          data-value={since.wentOut}
        >{`${show.count(since.wentOut)} went out`}</span>
        {` since ${show.day(since.day)}.`}
      </Text>
    </BlockStack>
  );
}
