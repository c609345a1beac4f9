/** What a shop's products are, as columns: a list is made from thousands of them, and they pass from thread to thread. */

export interface ProductFacts {
  /** Ascending; the columns below follow it. */
  readonly productIds: Float64Array;
  /** Equal where products are of one type; 0 where the merchant gave none. */
  readonly type: Int32Array;
  /** The same for who made it. */
  readonly vendor: Int32Array;
  /** 1: on sale in the online store, and no gift card. */
  readonly isOffered: Uint8Array;
  /** In the online store since, epoch milliseconds; 0 where it is not there. */
  readonly publishedAt: Float64Array;
  /** Of the price, before tax; NaN where no unit cost is known. */
  readonly margin: Float64Array;
}

export interface ProductFact {
  productId: number;
  productType: string;
  vendor: string;
  status: string;
  isGiftCard: boolean;
  publishedAt: number | null;
  margin: number | null;
}

export function productFacts(facts: readonly ProductFact[]): ProductFacts {
  const sorted = facts.toSorted((a, b) => a.productId - b.productId);
  const types = codes();
  const vendors = codes();
  return {
    productIds: Float64Array.from(sorted, ({ productId }) => productId),
    type: Int32Array.from(sorted, ({ productType }) => types(productType)),
    vendor: Int32Array.from(sorted, ({ vendor }) => vendors(vendor)),
    isOffered: Uint8Array.from(sorted, ({ status, isGiftCard, publishedAt }) =>
      status === "active" && !isGiftCard && publishedAt !== null ? 1 : 0,
    ),
    publishedAt: Float64Array.from(sorted, ({ publishedAt }) => publishedAt ?? 0),
    margin: Float64Array.from(sorted, ({ margin }) => margin ?? NaN),
  };
}

/** Numbers texts from 1 in the sequence in which they come; capitals and space around make no difference, and nothing is 0. */
function codes(): (text: string) => number {
  const known = new Map<string, number>([["", 0]]);
  return (text) => {
    const name = text.trim().toLowerCase();
    const code = known.get(name) ?? known.size;
    known.set(name, code);
    return code;
  };
}
