/** An order's name as Shopify tells it while the page is open (#1001), leading to it; its id stands in until then. */
import { Link } from "@shopify/polaris";

/** By id; nothing yet, or nothing at all, where Shopify has not told them. */
export type OrderNames = Readonly<Record<number, string>> | null | undefined;

export function orderName(orderId: number, names: OrderNames): string {
  return names?.[orderId] ?? String(orderId);
}

export function OrderLink({ orderId, names }: { orderId: number; names: OrderNames }) {
  return (
    <Link monochrome removeUnderline onClick={() => void open(`shopify://admin/orders/${orderId}`, "_top")}>
      {orderName(orderId, names)}
    </Link>
  );
}
