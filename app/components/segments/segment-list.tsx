/** All segments with their sizes, and behind them what the model expects of each. */
import { Badge, BlockStack, Box, Card, IndexTable, InlineStack, Link, Text } from "@shopify/polaris";
import type { Coverage } from "../../core/metrics/coverage.ts";
import type { SegmentFigures } from "../../core/segments/segment-figures.ts";
import type { SegmentName } from "../../core/segments/usual-segments.ts";
import { useShow } from "../frame/use-show.ts";
import { FigureInformation } from "../metrics/figure-card.tsx";
import { SEGMENT_WORDS } from "./segment-words.ts";

type Told = Readonly<Record<SegmentName, SegmentFigures | null>>;

export function SegmentList({
  title,
  about,
  names,
  sizes,
  values,
  changed,
  coverage,
}: {
  title: string;
  about: string;
  names: readonly SegmentName[];
  sizes: Told;
  /** `null`: they are still being told. */
  values: Told | null;
  /** Whose rule is the merchant's own. */
  changed: readonly SegmentName[];
  coverage: Coverage;
}) {
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="100">
          <InlineStack align="space-between" blockAlign="center" wrap={false} gap="200">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            <FigureInformation name="segmentList" label="The figures of segments" coverage={coverage} />
          </InlineStack>
          <Text as="p" tone="subdued">
            {about}
          </Text>
        </BlockStack>
      </Box>
      <IndexTable
        resourceName={{ singular: "segment", plural: "segments" }}
        itemCount={names.length}
        selectable={false}
        headings={[
          { title: "Segment" },
          { title: "Customers", alignment: "end" },
          { title: "Share", alignment: "end" },
          { title: "Net sales", alignment: "end" },
          { title: "Average order", alignment: "end" },
          { title: "Expected in 12 months", alignment: "end" },
          { title: "Churn risk", alignment: "end" },
        ]}
      >
        {names.map((name, position) => (
          <IndexTable.Row key={name} id={name} position={position}>
            <SegmentCells
              name={name}
              isChanged={changed.includes(name)}
              size={sizes[name]}
              value={values?.[name] ?? null}
            />
          </IndexTable.Row>
        ))}
      </IndexTable>
    </Card>
  );
}

function SegmentCells({
  name,
  isChanged,
  size,
  value,
}: {
  name: SegmentName;
  isChanged: boolean;
  size: SegmentFigures | null;
  value: SegmentFigures | null;
}) {
  const show = useShow();
  const { title, about } = SEGMENT_WORDS[name];
  return (
    <>
      <IndexTable.Cell>
        <div style={{ width: "16rem", maxWidth: "40vw", whiteSpace: "normal" }}>
          <BlockStack gap="050">
            <InlineStack gap="200" blockAlign="center">
              <Link url={`/app/segments/${name}`} dataPrimaryLink monochrome removeUnderline>
                <Text as="span" fontWeight="semibold">
                  {title}
                </Text>
              </Link>
              {isChanged && <Badge>Your rule</Badge>}
            </InlineStack>
            <Text as="span" variant="bodySm" tone="subdued">
              {size ? about : "Waits until your customers' habits have been learnt."}
            </Text>
          </BlockStack>
        </div>
      </IndexTable.Cell>
      <Figure
        name={`${name} customers`}
        value={size?.customers ?? null}
        shown={show.count(size?.customers ?? null)}
      />
      <Figure name={`${name} share`} value={size?.share ?? null} shown={show.share(size?.share ?? null)} />
      <Figure
        name={`${name} net`}
        value={size?.netMinor ?? null}
        shown={show.money(size?.netMinor ?? null)}
      />
      <Figure
        name={`${name} aov`}
        value={size?.averageOrderMinor ?? null}
        shown={show.money(size?.averageOrderMinor ?? null)}
      />
      <Figure
        name={`${name} expected`}
        value={value?.expectedMinor ?? null}
        shown={show.money(value?.expectedMinor ?? null)}
      />
      <Figure
        name={`${name} churn`}
        value={value?.meanChurnRisk ?? null}
        shown={show.share(value?.meanChurnRisk ?? null)}
      />
    </>
  );
}

function Figure({ name, value, shown }: { name: string; value: number | null; shown: string }) {
  return (
    <IndexTable.Cell>
      <div data-figure={name} data-value={String(value)}>
        <Text as="span" alignment="end" numeric>
          {shown}
        </Text>
      </div>
    </IndexTable.Cell>
  );
}
