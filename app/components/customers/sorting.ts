/** How the list of customers can be sorted, and how the page's address says so. */
import type { CustomerSort } from "../../core/customers/customer-page.ts";

const NAMES: Readonly<Record<CustomerSort, string>> = {
  lastOrder: "last-order",
  firstOrder: "first-order",
  orders: "orders",
  net: "net",
  averageOrder: "average-order",
  value: "value",
  churnRisk: "churn-risk",
  due: "due",
};

export function sortParameter(sort: CustomerSort, descending: boolean): string {
  return `${NAMES[sort]}-${descending ? "desc" : "asc"}`;
}

interface SortOption {
  label: string;
  value: `${string} ${"asc" | "desc"}`;
  directionLabel: string;
}

function both(sort: CustomerSort, label: string, low: string, high: string): SortOption[] {
  return [
    { label, value: `${NAMES[sort]} asc`, directionLabel: low },
    { label, value: `${NAMES[sort]} desc`, directionLabel: high },
  ];
}

/** As Polaris' filters take them; `isLearnt`: what customers are expected to do is known. */
export const sortOptions = (isLearnt: boolean): SortOption[] => [
  ...SORT_OPTIONS,
  ...(isLearnt ? LEARNT_OPTIONS : []),
];

const SORT_OPTIONS: SortOption[] = [
  ...both("lastOrder", "Last order", "Oldest first", "Newest first"),
  ...both("firstOrder", "First order", "Oldest first", "Newest first"),
  ...both("orders", "Orders", "Fewest first", "Most first"),
  ...both("net", "Net sales", "Lowest first", "Highest first"),
  ...both("averageOrder", "Average order", "Lowest first", "Highest first"),
];

const LEARNT_OPTIONS: SortOption[] = [
  ...both("value", "Expected value", "Lowest first", "Highest first"),
  ...both("churnRisk", "Churn risk", "Lowest first", "Highest first"),
  ...both("due", "Next order due", "Earliest first", "Latest first"),
];
