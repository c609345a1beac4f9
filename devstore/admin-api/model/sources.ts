/** The source objects behind Shopify's types: what a resolver gets to read, made in one place so that types may name each other. */
import type {
  AgreementState,
  CheckoutState,
  CollectionState,
  CustomerState,
  DiscountState,
  DisputeState,
  GiftCardState,
  LineState,
  MetafieldState,
  OrderState,
  ProductState,
  RefundState,
  SaleState,
  StoreCreditAccountState,
  StoreCreditTransactionState,
  TransactionState,
  VariantState,
} from "../../state/model.ts";

/** What the source of a concrete type carries, so that interfaces and unions know it. */
export interface Typed {
  __typename: string;
}

export interface OrderSource extends Typed {
  order: OrderState;
}

export interface LineSource extends OrderSource {
  line: LineState;
}

export interface AgreementSource extends OrderSource {
  agreement: AgreementState;
}

export interface SaleSource extends OrderSource {
  sale: SaleState;
}

export interface RefundSource extends AgreementSource {
  refund: RefundState;
}

export interface TransactionSource extends OrderSource {
  transaction: TransactionState;
}

export interface CustomerSource extends Typed {
  customer: CustomerState;
}

export interface ProductSource extends Typed {
  product: ProductState;
}

/** What stands for a product's picture, and for its file. */
export interface PictureSource extends Typed {
  product: ProductState;
}

export interface VariantSource extends Typed {
  variant: VariantState;
}

export interface CheckoutSource extends Typed {
  checkout: CheckoutState;
}

export interface CollectionSource extends Typed {
  collection: CollectionState;
}

export interface DiscountSource extends Typed {
  discount: DiscountState;
}

export interface DisputeSource extends Typed {
  dispute: DisputeState;
}

export interface GiftCardSource extends Typed {
  card: GiftCardState;
}

export interface StoreCreditSource extends Typed {
  account: StoreCreditAccountState;
}

export interface StoreCreditTransactionSource extends StoreCreditSource {
  transaction: StoreCreditTransactionState;
}

export interface MetafieldSource extends Typed {
  ownerId: string;
  metafield: MetafieldState;
}

const AGREEMENT_TYPES = {
  ORDER: "OrderAgreement",
  ORDER_EDIT: "OrderEditAgreement",
  REFUND: "RefundAgreement",
  RETURN: "ReturnAgreement",
} as const;

const SALE_TYPES = {
  ADDITIONAL_FEE: "AdditionalFeeSale",
  ADJUSTMENT: "AdjustmentSale",
  DUTY: "DutySale",
  FEE: "FeeSale",
  GIFT_CARD: "GiftCardSale",
  PRODUCT: "ProductSale",
  SHIPPING: "ShippingLineSale",
  TIP: "TipSale",
  UNKNOWN: "UnknownSale",
} as const;

export const orderSource = (order: OrderState): OrderSource => ({ __typename: "Order", order });

export const lineSource = (order: OrderState, line: LineState): LineSource => ({
  __typename: "LineItem",
  order,
  line,
});

export const agreementSource = (order: OrderState, agreement: AgreementState): AgreementSource => ({
  __typename: AGREEMENT_TYPES[agreement.kind],
  order,
  agreement,
});

export const saleSource = (order: OrderState, sale: SaleState): SaleSource => ({
  __typename: SALE_TYPES[sale.lineType],
  order,
  sale,
});

export const refundSource = (
  order: OrderState,
  agreement: AgreementState,
  refund: RefundState,
): RefundSource => ({ __typename: "Refund", order, agreement, refund });

export const transactionSource = (order: OrderState, transaction: TransactionState): TransactionSource => ({
  __typename: "OrderTransaction",
  order,
  transaction,
});

export const customerSource = (customer: CustomerState): CustomerSource => ({
  __typename: "Customer",
  customer,
});

export const productSource = (product: ProductState): ProductSource => ({ __typename: "Product", product });

export const pictureSource = (product: ProductState): PictureSource => ({
  __typename: "MediaImage",
  product,
});

export const imageSource = (product: ProductState): PictureSource => ({ __typename: "Image", product });

export const variantSource = (variant: VariantState): VariantSource => ({
  __typename: "ProductVariant",
  variant,
});

export const inventoryItemSource = (variant: VariantState): VariantSource => ({
  __typename: "InventoryItem",
  variant,
});

export const checkoutSource = (checkout: CheckoutState): CheckoutSource => ({
  __typename: "AbandonedCheckout",
  checkout,
});

export const collectionSource = (collection: CollectionState): CollectionSource => ({
  __typename: "Collection",
  collection,
});

/** The node that mutations and codes lead to. */
export const codeDiscountSource = (discount: DiscountState): DiscountSource => ({
  __typename: "DiscountCodeNode",
  discount,
});

/** The node that discounts of every method have. */
export const discountNodeSource = (discount: DiscountState): DiscountSource => ({
  __typename: "DiscountNode",
  discount,
});

export const disputeSource = (dispute: DisputeState): DisputeSource => ({
  __typename: "ShopifyPaymentsDispute",
  dispute,
});

export const giftCardSource = (card: GiftCardState): GiftCardSource => ({ __typename: "GiftCard", card });

export const storeCreditSource = (account: StoreCreditAccountState): StoreCreditSource => ({
  __typename: "StoreCreditAccount",
  account,
});

const STORE_CREDIT_TYPES = {
  CREDIT: "StoreCreditAccountCreditTransaction",
  DEBIT: "StoreCreditAccountDebitTransaction",
  EXPIRATION: "StoreCreditAccountExpirationTransaction",
} as const;

export const storeCreditTransactionSource = (
  account: StoreCreditAccountState,
  transaction: StoreCreditTransactionState,
): StoreCreditTransactionSource => ({
  __typename: STORE_CREDIT_TYPES[transaction.kind],
  account,
  transaction,
});

export const metafieldSource = (ownerId: string, metafield: MetafieldState): MetafieldSource => ({
  __typename: "Metafield",
  ownerId,
  metafield,
});
