import { AppProvider } from "@shopify/polaris";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { ChartCard } from "./chart-card.tsx";

test("a chart is rendered on the server as a frame of the drawing's height, which table and drawing fill later", () => {
  const page = renderToString(
    <AppProvider i18n={{}}>
      <ChartCard
        title="Net sales"
        kind="line"
        keyHeading="Month"
        series={[
          {
            name: "Net sales",
            data: [
              { key: "2026-01", value: 1200 },
              { key: "2026-02", value: null },
            ],
          },
        ]}
        showValue={(value) => `${value} coins`}
        height={240}
      />
    </AppProvider>,
  );
  expect(page).toContain("height:240px");
  expect(page).not.toContain("1200 coins");
  expect(page).toContain("Show table");
  expect(page).not.toContain('<svg class="polaris-viz');
});

test("a chart without figures says so", () => {
  const page = renderToString(
    <AppProvider i18n={{}}>
      <ChartCard
        title="Net sales"
        kind="bar"
        keyHeading="Month"
        series={[{ name: "Net sales", data: [{ key: "2026-01", value: null }] }]}
        showValue={String}
      />
    </AppProvider>,
  );
  expect(page).toContain("Nothing to show in this period.");
  expect(page).not.toContain("<table");
});
