/** The cohort table with the choice of what it counts; the choice stands in the address. */
import { BlockStack, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { monthOf, weekOf } from "../../core/calendar.ts";
import {
  COHORT_MEASURES,
  MOST_COHORTS,
  type CohortMeasure,
  type ShownCohort,
} from "../../core/metrics/cohort-grid.ts";
import type { Stated } from "../../core/metrics/coverage.ts";
import type { Period } from "../../core/metrics/period.ts";
import type { Grain } from "../../core/metrics/time-buckets.ts";
import { ExportButton } from "../frame/export-button.tsx";
import { useAddress } from "../frame/use-address.ts";
import { useShow } from "../frame/use-show.ts";
import { CohortHeatMap, MEASURE_LABELS, ROW_PIXELS } from "./cohort-heat-map.tsx";
import { FigureInformation } from "./figure-card.tsx";

const GRAINS: { value: Grain; label: string }[] = [
  { value: "month", label: "Months" },
  { value: "week", label: "Weeks" },
];

export function CohortCard({
  stated: { figures, coverage },
  grain,
}: {
  stated: Stated<{ cohorts: ShownCohort[]; earlier: number }>;
  grain: Grain;
}) {
  const show = useShow();
  const [parameters, changeAddress] = useAddress();
  const measure = knownMeasure(parameters.get("measure"));
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Customers by first order
          </Text>
          <InlineStack gap="200" blockAlign="center">
            <FigureInformation name="cohorts" label="Customers by first order" coverage={coverage} />
            <ExportButton table="cohorts" />
          </InlineStack>
        </InlineStack>
        <InlineStack gap="300">
          <Select
            label="Show"
            labelInline
            options={COHORT_MEASURES.map((value) => ({ value, label: MEASURE_LABELS[value] }))}
            value={measure}
            onChange={(value) => changeAddress({ measure: value })}
          />
          <Select
            label="By"
            labelInline
            options={GRAINS}
            value={grain}
            onChange={(value) => changeAddress({ grain: value })}
          />
        </InlineStack>
        {figures.cohorts.length === 0 ? (
          <Text as="p">No customer placed their first order in this period.</Text>
        ) : (
          <CohortHeatMap
            cohorts={figures.cohorts}
            grain={grain}
            measure={measure}
            lastOrderDay={coverage.lastOrderDay}
            show={show}
          />
        )}
        {figures.earlier > 0 && (
          <Text as="p" variant="bodySm" tone="subdued">
            {`The latest ${show.count(figures.cohorts.length)} ${grain}s of the period; ${show.counted(figures.earlier, "earlier one is", "earlier ones are")} in the export.`}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

const PIXELS_AROUND = 228;

/** About what the card will take, so that what follows does not move when it comes. */
export function cohortCardHeight({ firstDay, lastDay }: Period, grain: Grain): number {
  const bucketOf = grain === "month" ? monthOf : weekOf;
  const rows = Math.min(MOST_COHORTS[grain], bucketOf(lastDay) - bucketOf(firstDay) + 1);
  return PIXELS_AROUND + rows * ROW_PIXELS;
}

/** Read here and not by the loader, which is not asked again for another measure. */
function knownMeasure(asked: string | null): CohortMeasure {
  return COHORT_MEASURES.find((measure) => measure === asked) ?? "customers";
}
