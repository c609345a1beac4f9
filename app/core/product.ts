/** What Perennial keeps of a product; amounts are minor units of the shop's currency. */
export interface Product {
  id: number;
  title: string;
  productType: string;
  vendor: string;
  /** Shopify's ProductStatus in lower case: active, archived or draft. */
  status: string;
  isGiftCard: boolean;
  /** In the online store; `null`: not there. */
  publishedAt: number | null;
  createdAt: number;
  updatedAt: number;
  variants: readonly Variant[];
}

interface Variant {
  id: number;
  title: string;
  priceMinor: number;
  /** Today's cost of one unit; `null` where the merchant gave none. */
  unitCostMinor: number | null;
}
