/** What a customer has brought so far, each figure with its meaning one click away. */
import { InlineGrid, Text } from "@shopify/polaris";
import type { CustomerHistory } from "../../core/metrics/customer-history.ts";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureCard } from "../metrics/figure-card.tsx";

export function CustomerFigures({ history, coverage }: { history: CustomerHistory; coverage: Coverage }) {
  const show = useShow();
  const { netMinor, marginMinor, orders, averageOrderMinor, medianDaysBetweenOrders, netRank } = history;
  return (
    <>
      <Text as="h2" visuallyHidden>
        Figures
      </Text>
      <InlineGrid columns={{ xs: 1, sm: 2, md: 3 }} gap="300">
        <FigureCard
          name="customerNet"
          label="Net sales"
          value={netMinor}
          shown={show.money(netMinor)}
          explained={
            history.refundsMinor === 0
              ? "Nothing was refunded"
              : `After ${show.money(history.refundsMinor)} refunded`
          }
          coverage={coverage}
        />
        <FigureCard
          name="customerMargin"
          label="Margin"
          value={marginMinor}
          shown={show.money(marginMinor)}
          explained={`Unit costs known for ${show.share(history.unitCostShare)} of net sales`}
          coverage={coverage}
        />
        <FigureCard
          name="customerOrders"
          label="Orders"
          value={orders}
          shown={show.count(orders)}
          explained={
            history.leftOutOrders === 0
              ? `${show.count(history.refundedOrders)} with a refund`
              : `${show.count(history.refundedOrders)} with a refund, ${show.counted(history.leftOutOrders, "more that does", "more that do")} not count`
          }
          coverage={coverage}
        />
        <FigureCard
          name="customerAverageOrder"
          label="Average order"
          value={averageOrderMinor}
          shown={show.money(averageOrderMinor)}
          explained="Net sales per order"
          coverage={coverage}
        />
        <FigureCard
          name="customerDaysBetweenOrders"
          label="Days between orders"
          value={medianDaysBetweenOrders}
          shown={show.number(medianDaysBetweenOrders, 1)}
          explained={
            history.meanDaysBetweenOrders === null
              ? "From the second order on"
              : `Median; the mean is ${show.number(history.meanDaysBetweenOrders, 1)}`
          }
          coverage={coverage}
        />
        <FigureCard
          name="customerRank"
          label="Rank by net sales"
          value={netRank}
          shown={netRank === null ? "–" : show.count(netRank)}
          explained={`Of ${show.counted(history.rankedCustomers, "customer", "customers")}`}
          coverage={coverage}
        />
      </InlineGrid>
    </>
  );
}
