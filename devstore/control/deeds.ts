/** Every action by its name, with the shape of its input: what the control API takes, and the page offers. */
import { z } from "zod";
import * as actions from "../state/actions.ts";
import * as collections from "../state/collections.ts";
import * as discounts from "../state/discounts.ts";
import { answerReturn, fulfillOrder, requestReturn, trackShipment } from "../state/fulfillment.ts";
import { createGiftCard, deactivateGiftCard } from "../state/gift-cards.ts";
import { RETURN_REASONS, SHIPMENT_STATUSES, type ShopState, type World } from "../state/model.ts";
import * as onlineStore from "../state/online-store.ts";
import { placeOrder } from "../state/place-order.ts";
import { fail, type Result } from "../state/result.ts";
import * as shopActions from "../state/shop-actions.ts";
import { creditAccount, debitAccount } from "../state/store-credit.ts";
import { THEMES } from "../storefront/theme.ts";

export interface Deed {
  /** An input to start from, for the page. */
  example: Record<string, unknown>;
  perform(world: World, shop: ShopState, input: unknown): Result<unknown>;
}

function deed<Input>(
  schema: z.ZodType<Input>,
  example: Record<string, unknown>,
  run: (world: World, shop: ShopState, input: Input) => Result<unknown>,
): Deed {
  return {
    example,
    perform(world, shop, input) {
      const parsed = schema.safeParse(input);
      if (parsed.success) return run(world, shop, parsed.data);
      const [issue] = parsed.error.issues;
      return fail("invalid", z.prettifyError(parsed.error), issue?.path.map(String) ?? null);
    },
  };
}

const id = z.int().positive();
const minor = z.int();
const text = z.string().min(1);
const quantity = z.int();
const unitsOfLine = z.strictObject({ lineId: id, quantity });
const saleLine = z.strictObject({
  variantId: id.optional(),
  title: text.optional(),
  quantity,
  unitPriceMinor: minor.optional(),
  discountMinor: minor.optional(),
  taxMinor: minor.optional(),
  sellingPlanName: text.optional(),
});
const sale = {
  email: text.optional(),
  shippingMinor: minor.optional(),
  shippingTaxMinor: minor.optional(),
  tipMinor: minor.optional(),
  dutyMinor: minor.optional(),
  feeMinor: minor.optional(),
  taxRatePercent: z.number().optional(),
  payment: z.enum(["authorized", "paid", "pending"]).optional(),
  gateway: text.optional(),
  giftCardPaymentMinor: minor.optional(),
  processedAt: z.int().optional(),
  test: z.boolean().optional(),
  sourceName: text.optional(),
  tags: z.array(text).optional(),
  presentmentCurrency: text.optional(),
  presentmentRate: z.number().optional(),
  companyId: id.optional(),
  shippingCountry: text.optional(),
  address: z
    .strictObject({ address1: text, address2: text.nullable().default(null), city: text, zip: text })
    .optional(),
  clientIp: text.optional(),
  customAttributes: z.array(z.strictObject({ key: text, value: z.string() })).optional(),
  card: z.strictObject({ bin: z.string().regex(/^\d{6,8}$/), last4: z.string().regex(/^\d{4}$/) }).optional(),
  firstVisit: z
    .strictObject({
      source: text,
      landingPage: text.nullable().default(null),
      referrerUrl: text.nullable().default(null),
      occurredAt: z.int(),
    })
    .optional(),
};
/** What an order says of its discounts itself; `placeOrder` works it out. */
const saidDiscounts = { shippingDiscountMinor: minor.optional(), discountCodes: z.array(text).optional() };
const person = {
  firstName: text.nullable().optional(),
  lastName: text.nullable().optional(),
  email: text.nullable().optional(),
  phone: text.nullable().optional(),
  state: z.enum(["DECLINED", "DISABLED", "ENABLED", "INVITED"]).optional(),
  tags: z.array(text).optional(),
  acceptsMarketing: z.boolean().optional(),
  locale: text.optional(),
  countryCode: text.nullable().optional(),
};
const productFacts = {
  productType: z.string().optional(),
  vendor: text.optional(),
  status: z.enum(["ACTIVE", "ARCHIVED", "DRAFT"]).optional(),
  tags: z.array(text).optional(),
};
const checkoutLines = z.array(z.strictObject({ variantId: id, quantity }));

const account = z.union([z.strictObject({ customerId: id }), z.strictObject({ accountId: id })]);

const ORDER = { orderId: 5_000_000_000_001 };
const CUSTOMER = { customerId: 7_000_000_000_001 };
const VARIANT = { variantId: 45_000_000_000_001 };
const DISCOUNT = { discountId: 1_300_000_000_001 };
const LINE = { lineId: 14_000_000_000_001, quantity: 1 };

export const DEEDS: ReadonlyMap<string, Deed> = new Map(
  Object.entries({
    createOrder: deed(
      z.strictObject({ ...sale, ...saidDiscounts, lines: z.array(saleLine), customerId: id.optional() }),
      { lines: [{ title: "Green tea", unitPriceMinor: 1999, quantity: 1 }] },
      actions.createOrder,
    ),
    placeOrder: deed(
      z.strictObject({
        ...sale,
        lines: z.array(saleLine.omit({ discountMinor: true })),
        customerId: id.optional(),
        codes: z.array(text),
      }),
      { ...CUSTOMER, lines: [{ ...VARIANT, quantity: 1 }], codes: ["WELCOME"] },
      placeOrder,
    ),
    payOrder: deed(
      z.strictObject({ orderId: id, amountMinor: minor.optional(), gateway: text.optional() }),
      ORDER,
      actions.payOrder,
    ),
    editOrder: deed(
      z.strictObject({
        orderId: id,
        addedLines: z.array(saleLine).optional(),
        quantities: z.array(unitsOfLine).optional(),
        taxRatePercent: z.number().optional(),
      }),
      { ...ORDER, addedLines: [{ title: "Gift wrap", unitPriceMinor: 300, quantity: 1 }] },
      actions.editOrder,
    ),
    refundOrder: deed(
      z.strictObject({
        orderId: id,
        lines: z.array(unitsOfLine.extend({ restock: z.boolean().optional() })).optional(),
        shippingMinor: minor.optional(),
        shippingTaxMinor: minor.optional(),
        tipMinor: minor.optional(),
        dutyMinor: minor.optional(),
        feeMinor: minor.optional(),
        adjustmentMinor: minor.optional(),
        returnId: id.optional(),
        storeCredit: z.boolean().optional(),
        overpaid: z.boolean().optional(),
        note: text.optional(),
      }),
      { ...ORDER, lines: [LINE] },
      actions.refundOrder,
    ),
    returnItems: deed(
      z.strictObject({ orderId: id, lines: z.array(unitsOfLine), feeMinor: minor.optional() }),
      { ...ORDER, lines: [LINE] },
      actions.returnItems,
    ),
    fulfillOrder: deed(
      z.strictObject({
        orderId: id,
        lines: z.array(unitsOfLine).optional(),
        tracking: z
          .strictObject({ company: text.optional(), number: text.optional(), url: z.url().optional() })
          .optional(),
        estimatedDeliveryAt: z.int().optional(),
      }),
      { ...ORDER, tracking: { company: "Post", number: "1Z999" } },
      fulfillOrder,
    ),
    trackShipment: deed(
      z.strictObject({
        orderId: id,
        fulfillmentId: id,
        status: z.enum(SHIPMENT_STATUSES),
        estimatedDeliveryAt: z.int().optional(),
      }),
      { ...ORDER, fulfillmentId: 5_300_000_000_001, status: "DELIVERED" },
      trackShipment,
    ),
    requestReturn: deed(
      z.strictObject({
        orderId: id,
        lines: z.array(
          unitsOfLine.extend({ reason: z.enum(RETURN_REASONS).optional(), note: text.optional() }),
        ),
      }),
      { ...ORDER, lines: [{ ...LINE, reason: "UNWANTED" }] },
      requestReturn,
    ),
    answerReturn: deed(
      z.strictObject({ orderId: id, returnId: id, status: z.enum(["CLOSED", "DECLINED", "OPEN"]) }),
      { ...ORDER, returnId: 12_000_000_001, status: "OPEN" },
      answerReturn,
    ),
    cancelOrder: deed(
      z.strictObject({
        orderId: id,
        reason: z.enum(["CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"]).optional(),
        refund: z.boolean().optional(),
        storeCredit: z.boolean().optional(),
      }),
      ORDER,
      actions.cancelOrder,
    ),
    setOrderCustomer: deed(
      z.strictObject({ orderId: id, customerId: id }),
      { ...ORDER, ...CUSTOMER },
      actions.setOrderCustomer,
    ),
    disputeOrder: deed(
      z.strictObject({
        orderId: id,
        amountMinor: minor.optional(),
        reason: text.optional(),
        type: z.enum(["CHARGEBACK", "INQUIRY"]).optional(),
      }),
      ORDER,
      actions.disputeOrder,
    ),
    settleDispute: deed(
      z.strictObject({ disputeId: id, status: z.enum(["LOST", "UNDER_REVIEW", "WON"]) }),
      { disputeId: 11_000_000_001, status: "LOST" },
      actions.settleDispute,
    ),
    deleteOrder: deed(z.strictObject({ orderId: id }), ORDER, actions.deleteOrder),
    createCustomer: deed(z.strictObject(person), { firstName: "Ana" }, actions.createCustomer),
    updateCustomer: deed(
      z.strictObject({ ...person, customerId: id }),
      { ...CUSTOMER, tags: ["vip"] },
      actions.updateCustomer,
    ),
    mergeCustomers: deed(
      z.strictObject({ customerOneId: id, customerTwoId: id }),
      { customerOneId: CUSTOMER.customerId, customerTwoId: CUSTOMER.customerId + 1 },
      actions.mergeCustomers,
    ),
    deleteCustomer: deed(z.strictObject({ customerId: id }), CUSTOMER, actions.deleteCustomer),
    redactCustomer: deed(z.strictObject({ customerId: id }), CUSTOMER, actions.redactCustomer),
    requestCustomerData: deed(z.strictObject({ customerId: id }), CUSTOMER, actions.requestCustomerData),
    createProduct: deed(
      z.strictObject({
        ...productFacts,
        title: z.string(),
        isGiftCard: z.boolean().optional(),
        variants: z.array(
          z.strictObject({
            title: text.optional(),
            sku: text.optional(),
            priceMinor: minor,
            unitCostMinor: minor.nullable().optional(),
          }),
        ),
      }),
      { title: "Green tea", variants: [{ priceMinor: 1999, unitCostMinor: 700 }] },
      actions.createProduct,
    ),
    updateProduct: deed(
      z.strictObject({ ...productFacts, productId: id, title: z.string().optional() }),
      { productId: 8_000_000_000_001, title: "Sencha" },
      actions.updateProduct,
    ),
    setPrice: deed(
      z.strictObject({ variantId: id, priceMinor: minor }),
      { ...VARIANT, priceMinor: 2199 },
      actions.setPrice,
    ),
    setUnitCost: deed(
      z.strictObject({ variantId: id, unitCostMinor: minor.nullable() }),
      { ...VARIANT, unitCostMinor: 800 },
      actions.setUnitCost,
    ),
    setSoldOut: deed(
      z.strictObject({ variantId: id, soldOut: z.boolean() }),
      { ...VARIANT, soldOut: true },
      actions.setSoldOut,
    ),
    deleteProduct: deed(
      z.strictObject({ productId: id }),
      { productId: 8_000_000_000_001 },
      actions.deleteProduct,
    ),
    createCollection: deed(
      z.strictObject({ title: z.string(), productIds: z.array(id).optional() }),
      { title: "Loose leaf", productIds: [8_000_000_000_001] },
      collections.createCollection,
    ),
    updateCollection: deed(
      z.strictObject({ collectionId: id, title: z.string().optional(), productIds: z.array(id).optional() }),
      { collectionId: 480_000_000_001, productIds: [] },
      collections.updateCollection,
    ),
    deleteCollection: deed(
      z.strictObject({ collectionId: id }),
      { collectionId: 480_000_000_001 },
      collections.deleteCollection,
    ),
    abandonCheckout: deed(
      z.strictObject({ lines: checkoutLines, customerId: id.optional() }),
      { lines: [{ ...VARIANT, quantity: 1 }] },
      actions.abandonCheckout,
    ),
    updateCheckout: deed(
      z.strictObject({ checkoutId: id, lines: checkoutLines }),
      { checkoutId: 37_000_000_000_001, lines: [{ ...VARIANT, quantity: 2 }] },
      actions.updateCheckout,
    ),
    completeCheckout: deed(
      z.strictObject({ ...sale, ...saidDiscounts, checkoutId: id }),
      { checkoutId: 37_000_000_000_001 },
      actions.completeCheckout,
    ),
    createDiscount: deed(
      z.strictObject({
        code: text,
        title: text,
        startsAt: z.int().default(0),
        endsAt: z.int().nullable().default(null),
        usageLimit: z.int().nullable().default(null),
        appliesOncePerCustomer: z.boolean().default(false),
        customerIds: z.array(id).nullable().default(null),
        minimum: z
          .discriminatedUnion("kind", [
            z.strictObject({ kind: z.literal("quantity"), quantity }),
            z.strictObject({ kind: z.literal("subtotal"), subtotalMinor: minor }),
          ])
          .nullable()
          .default(null),
        combinesWith: z
          .strictObject({
            orderDiscounts: z.boolean().default(false),
            productDiscounts: z.boolean().default(false),
            shippingDiscounts: z.boolean().default(false),
          })
          .prefault({}),
        gives: z.discriminatedUnion("kind", [
          z.strictObject({
            kind: z.literal("amount"),
            amountMinor: minor,
            onEachItem: z.boolean().default(false),
          }),
          z.strictObject({ kind: z.literal("percentage"), percentage: z.number() }),
          z.strictObject({ kind: z.literal("shipping"), maximumMinor: minor.nullable().default(null) }),
        ]),
        items: z
          .strictObject({ productIds: z.array(id).default([]), variantIds: z.array(id).default([]) })
          .nullable()
          .default(null),
      }),
      { code: "WELCOME", title: "Welcome", gives: { kind: "percentage", percentage: 0.1 } },
      discounts.createDiscount,
    ),
    deactivateDiscount: deed(z.strictObject({ discountId: id }), DISCOUNT, discounts.deactivateDiscount),
    deleteDiscount: deed(z.strictObject({ discountId: id }), DISCOUNT, discounts.deleteDiscount),
    createGiftCard: deed(
      z.strictObject({
        code: text.optional(),
        amountMinor: minor,
        customerId: id.optional(),
        expiresOn: z.iso.date().optional(),
        note: text.optional(),
      }),
      { amountMinor: 2500 },
      createGiftCard,
    ),
    deactivateGiftCard: deed(
      z.strictObject({ giftCardId: id }),
      { giftCardId: 600_000_000_001 },
      deactivateGiftCard,
    ),
    creditAccount: deed(
      z.strictObject({ account, amountMinor: minor, expiresAt: z.int().optional() }),
      { account: CUSTOMER, amountMinor: 500 },
      creditAccount,
    ),
    debitAccount: deed(
      z.strictObject({ account, amountMinor: minor }),
      { account: CUSTOMER, amountMinor: 500 },
      debitAccount,
    ),
    changeShop: deed(
      z.strictObject({
        name: text.optional(),
        email: text.optional(),
        timeZone: text.optional(),
        currency: text.optional(),
        plan: z.enum(["basic", "grow", "advanced", "plus"]).optional(),
        taxesIncluded: z.boolean().optional(),
        markets: z
          .array(
            z.strictObject({ country: text, currency: text, rate: z.number(), languages: z.array(text) }),
          )
          .optional(),
      }),
      { timeZone: "Asia/Tokyo" },
      shopActions.changeShop,
    ),
    publishTheme: deed(
      z.strictObject({ theme: z.enum(THEMES) }),
      { theme: "dark" },
      onlineStore.publishTheme,
    ),
    changeThemeFile: deed(
      z.strictObject({ theme: z.enum(THEMES), file: text, content: z.unknown() }),
      { theme: "light", file: "templates/product.json", content: null },
      onlineStore.changeThemeFile,
    ),
    redactShop: deed(z.strictObject({}), {}, shopActions.redactShop),
    setMetafields: deed(
      z.strictObject({
        metafields: z.array(
          z.strictObject({
            ownerId: text,
            namespace: text,
            key: text,
            type: text,
            value: z.string(),
            compareDigest: text.nullable().optional(),
          }),
        ),
      }),
      {
        metafields: [
          {
            ownerId: `gid://shopify/Customer/${CUSTOMER.customerId}`,
            namespace: "custom",
            key: "note",
            type: "single_line_text_field",
            value: "Likes oolong",
          },
        ],
      },
      (world, shop, { metafields }) => shopActions.setMetafields(world, shop, metafields),
    ),
  }),
);
