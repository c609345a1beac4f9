/** The cohort table: a row per month or week of first orders, a column per month or week since, darker where more came back. */
import { Text } from "@shopify/polaris";
import { monthOf } from "../../core/calendar.ts";
import {
  SHADES,
  cohortGrid,
  type CohortCell,
  type CohortMeasure,
  type ShownCohort,
} from "../../core/metrics/cohort-grid.ts";
import type { Grain } from "../../core/metrics/time-buckets.ts";
import type { Show } from "../frame/show.ts";
import { FIRST_ROWS, useAwake } from "../frame/use-awake.ts";
import styles from "./cohort-heat-map.module.css";
import { heatColor } from "./heat-colors.ts";

export interface CohortHeatMapProps {
  cohorts: readonly ShownCohort[];
  grain: Grain;
  measure: CohortMeasure;
  /** End of what is observed. */
  lastOrderDay: number | null;
  show: Show;
}

/** Of one row with its border. */
export const ROW_PIXELS = 29;
/** Columns of ages that most windows show. */
const FIRST_AGES = 12;

export const MEASURE_LABELS: Record<CohortMeasure, string> = {
  customers: "Customers who ordered",
  orders: "Orders",
  revenue: "Net sales",
  margin: "Margin",
  cumulative: "Net sales so far per customer",
};

export function CohortHeatMap({ cohorts, grain, measure, lastOrderDay, show }: CohortHeatMapProps) {
  const grid = cohortGrid(cohorts, measure);
  const showValue = valueText(show, measure);
  const unit = grain === "month" ? "Month" : "Week";
  const isAwake = useAwake();
  const [rowsShown, agesShown] = isAwake ? [grid.rows.length, grid.ages] : [FIRST_ROWS, FIRST_AGES];
  const ages = Array.from({ length: Math.min(grid.ages, agesShown) }, (_, age) => age);
  const rowsLeft = Math.max(grid.rows.length - rowsShown, 0);
  return (
    <>
      <div
        role="region"
        aria-label={`Cohorts: ${MEASURE_LABELS[measure].toLowerCase()}`}
        tabIndex={0}
        style={{ overflowX: "auto", position: "relative", paddingBottom: rowsLeft * ROW_PIXELS }}
      >
        <table className={styles.grid}>
          <caption>{`${MEASURE_LABELS[measure]} by ${grain} of first order and ${grain}s since.`}</caption>
          <thead>
            <tr>
              <th scope="col">First order</th>
              <th scope="col">Customers</th>
              {ages.map((age) => (
                <th key={age} scope="col">
                  {`${unit} ${age}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.pooled && (
              <tr className={styles.together}>
                <th scope="row">Together</th>
                <td>{show.count(cohorts.reduce((sum, { customers }) => sum + customers, 0))}</td>
                {grid.pooled.slice(0, agesShown).map((value, age) => (
                  <td key={age}>{showValue(value)}</td>
                ))}
              </tr>
            )}
            {grid.rows.slice(0, rowsShown).map(({ start, firstDay, customers, cells }) => (
              <tr key={start}>
                <th scope="row">{grain === "month" ? show.month(monthOf(firstDay)) : show.day(firstDay)}</th>
                <td>{show.count(customers)}</td>
                {cells.slice(0, agesShown).map((cell, age) => (
                  <Cell key={age} cell={cell} text={showValue(cell.value)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Legend darkest={grid.darkestPerCustomer} measure={measure} show={show} />
      <Text as="p" variant="bodySm" tone="subdued">
        {grid.rows.some(({ cells }) => cells.some(({ whole }) => !whole)) &&
          lastOrderDay !== null &&
          `* Still filling up: orders are known up to ${show.day(lastOrderDay)}. `}
        {`${unit} 0 is the ${grain} of the first order. Empty cells have not happened yet.`}
      </Text>
    </>
  );
}

function Cell({ cell: { shade, whole }, text }: { cell: CohortCell; text: string }) {
  const color = heatColor(shade);
  if (whole) return <td className={color}>{text}</td>;
  return (
    <td className={`${styles.unfinished} ${color}`}>
      {text}
      <span aria-hidden="true">*</span>
      <Text as="span" visuallyHidden>
        {" so far"}
      </Text>
    </td>
  );
}

/** What the colours mean: they compare customers, so that a large cohort is not dark for its size. */
function Legend({ darkest, measure, show }: { darkest: number | null; measure: CohortMeasure; show: Show }) {
  if (darkest === null) return null;
  const most = {
    customers: () => `${show.share(darkest)} of the cohort's customers`,
    orders: () => `${show.number(darkest, 2)} orders per customer of the cohort`,
    revenue: () => `${show.money(Math.round(darkest))} per customer of the cohort`,
    margin: () => `${show.money(Math.round(darkest))} per customer of the cohort`,
    cumulative: () => `${show.money(Math.round(darkest))} per customer of the cohort`,
  }[measure]();
  return (
    <div style={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: "var(--p-space-200)" }}>
      <Text as="span" variant="bodySm" tone="subdued">
        Nothing
      </Text>
      <span aria-hidden="true" style={{ display: "flex", border: "1px solid var(--p-color-border)" }}>
        {Array.from({ length: SHADES + 1 }, (_, shade) => (
          <span key={shade} className={heatColor(shade)} style={{ width: 18, height: 14 }} />
        ))}
      </span>
      <Text as="span" variant="bodySm" tone="subdued">
        {`${most} or more`}
      </Text>
    </div>
  );
}

function valueText(show: Show, measure: CohortMeasure): (value: number | null) => string {
  switch (measure) {
    case "customers":
      return (value) => show.share(value);
    case "orders":
      return (value) => show.count(value);
    case "cumulative":
      return (value) => show.money(value === null ? null : Math.round(value));
    case "revenue":
    case "margin":
      return (value) => (value === null ? show.money(null) : show.moneyShort(value));
  }
}
