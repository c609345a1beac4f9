/** The states that every page of figures can be in beside showing them: nothing yet, loading, part of the history, failed. */
import { Await, useNavigation, useRevalidator } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Box,
  Card,
  InlineGrid,
  type InlineGridProps,
  SkeletonBodyText,
  SkeletonDisplayText,
} from "@shopify/polaris";
import { Suspense, useDeferredValue, type ReactNode } from "react";
import type { Coverage } from "../../core/metrics/coverage.ts";
import { Empty } from "./empty.tsx";
import { useShow } from "./use-show.ts";

/** A shop without any order. */
export function EmptyShop({ about = "Figures appear here with your first order." }: { about?: string }) {
  return (
    <Card>
      <Empty heading="There are no orders yet">
        <p>{about}</p>
      </Empty>
    </Card>
  );
}

/** Of a label and its figure, and of words below them. */
const FIGURE_PIXELS = { plain: 54, explained: 74 };

/** Where there is room; columns of figures and of the skeleton that stands in for them. */
export const FOUR_IN_A_ROW = { xs: 1, sm: 2, lg: 4 };

/** As large as the figure cards that take its place. */
export function FiguresSkeleton({
  cards = 6,
  figures = "plain",
  columns = { xs: 1, sm: 2, md: 3 },
}: {
  cards?: number;
  figures?: keyof typeof FIGURE_PIXELS;
  columns?: InlineGridProps["columns"];
}) {
  return (
    <div aria-busy="true" aria-label="Figures are loading" role="status">
      <InlineGrid columns={columns} gap="300">
        {Array.from({ length: cards }, (_, card) => (
          <Card key={card}>
            <Box minHeight={`${FIGURE_PIXELS[figures]}px`}>
              <BlockStack gap="300">
                <SkeletonBodyText lines={1} />
                <SkeletonDisplayText size="small" />
              </BlockStack>
            </Box>
          </Card>
        ))}
      </InlineGrid>
    </div>
  );
}

/** In the place of a chart or table of a known height. */
export function BlockSkeleton({ height }: { height: number }) {
  return (
    <div aria-busy="true" aria-label="Loading" role="status" style={{ minHeight: height }}>
      <Card>
        <Box minHeight={`${height - 32}px`}>
          <SkeletonBodyText lines={3} />
        </Box>
      </Card>
    </div>
  );
}

/** Says that figures count only a part of the shop's orders; nothing where they count all. */
export function PartialHistory({ coverage }: { coverage: Coverage }) {
  const show = useShow();
  if (!coverage.syncComplete) {
    return (
      <Banner tone="info" title="Your history is still being read">
        <p>These figures count the orders that are in so far, so first orders may not be the first yet.</p>
      </Banner>
    );
  }
  if (coverage.readableFromDay === null) return null;
  return (
    <Banner tone="warning" title={`Orders before ${show.day(coverage.readableFromDay)} cannot be read`}>
      <p>Shopify did not let the app read them, so customers who bought before may look new.</p>
    </Banner>
  );
}

/** In the place of figures that could not be computed, with a way to try again. */
function FiguresError() {
  const { revalidate, state } = useRevalidator();
  return (
    <Banner
      tone="critical"
      title="These figures could not be computed"
      action={{ content: "Try again", onAction: revalidate, loading: state === "loading" }}
    >
      <p>Nothing was lost. Your data keeps syncing in the background.</p>
    </Banner>
  );
}

/**
 * Shows what a loader promised once it has come. While a later answer is under way the last one stays, dimmed, so that neither
 * a new period nor a look for news makes the page flicker.
 */
export function Streamed<T>({
  of,
  fallback,
  children,
}: {
  of: Promise<T>;
  fallback: ReactNode;
  children: (value: Awaited<T>) => ReactNode;
}) {
  const shown = useDeferredValue(of);
  const navigation = useNavigation();
  const isLate = shown !== of || navigation.state === "loading";
  return (
    <div aria-busy={isLate} style={{ opacity: isLate ? 0.6 : 1 }}>
      <Suspense fallback={fallback}>
        <Await<Promise<T>> resolve={shown} errorElement={<FiguresError />}>
          {children}
        </Await>
      </Suspense>
    </div>
  );
}
