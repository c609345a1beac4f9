/** In the place of a table of customers that is on its way, about as high as its first screen. */
import { Box, SkeletonBodyText } from "@shopify/polaris";

export function TableSkeleton() {
  return (
    <div aria-busy="true" aria-label="Customers are loading" role="status">
      <Box padding="400" minHeight="70vh">
        <SkeletonBodyText lines={12} />
      </Box>
    </div>
  );
}
