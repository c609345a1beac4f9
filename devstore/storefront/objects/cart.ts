/** The cart: its lines at the shopper's prices, with what the codes take off. */
import type { DiscountUseState, ProductState, VariantState } from "../../state/model.ts";
import { classOf } from "../../state/discounts.ts";
import { presentmentMinor } from "../../state/money.ts";
import { priceCart, SHIPPING_MINOR, type CartLine, type PricedCart } from "../carts.ts";
import { liquidAmount } from "../liquid/money.ts";
import { Thing } from "../liquid/thing.ts";
import { localUrl, once, type View } from "../view.ts";
import { currencyThing } from "./localization.ts";
import { productImage, productThing, shopperAmount, variantThing } from "./catalogue.ts";

/** One line with its amounts in the shopper's currency, as Liquid has them. */
export interface ShownLine {
  line: CartLine;
  variant: VariantState;
  product: ProductState;
  price: number;
  linePrice: number;
  /** By discounts of products, and by those of the whole order. */
  productOff: { use: DiscountUseState; amount: number }[];
  orderOff: { use: DiscountUseState; amount: number }[];
}

export interface ShownCart {
  lines: ShownLine[];
  priced: PricedCart;
  originalTotal: number;
  /** After discounts of products. */
  subtotal: number;
  total: number;
  itemCount: number;
}

export function shownCart(view: View): ShownCart {
  return once(view, "shown cart", () => {
    const priced = priceCart(view.world, view.shop, view.cart, view.customer?.id ?? null, view.market);
    const known = view.cart.lines.flatMap((line) => {
      const variant = view.shop.variants.get(line.variantId);
      const product = variant && view.shop.products.get(variant.productId);
      return variant && product ? [{ line, variant, product }] : [];
    });
    const lines = known.map(({ line, variant, product }, index): ShownLine => {
      const price = shopperAmount(view, variant.priceMinor);
      const off = (isProduct: boolean) =>
        priced.uses
          .filter((use) => isOfProducts(use, priced) === isProduct)
          .map((use) => ({ use, amount: shopperAmount(view, use.lineMinor[index] ?? 0) }))
          .filter(({ amount }) => amount > 0);
      const linePrice = price * line.quantity;
      return { line, variant, product, price, linePrice, productOff: off(true), orderOff: off(false) };
    });
    const sum = (read: (line: ShownLine) => number) => lines.reduce((total, line) => total + read(line), 0);
    const originalTotal = sum(({ linePrice }) => linePrice);
    const subtotal = originalTotal - sum(({ productOff }) => amountOf(productOff));
    return {
      lines,
      priced,
      originalTotal,
      subtotal,
      total: subtotal - sum(({ orderOff }) => amountOf(orderOff)),
      itemCount: sum(({ line }) => line.quantity),
    };
  });
}

function isOfProducts(use: DiscountUseState, { discounts }: PricedCart): boolean {
  const discount = discounts.get(use.discountId);
  return discount !== undefined && classOf(discount) === "PRODUCT";
}

export const amountOf = (off: readonly { amount: number }[]) =>
  off.reduce((sum, { amount }) => sum + amount, 0);

/** What sending the cart costs before discounts; nothing where there is nothing to send. */
export function shippingOf(view: View): number {
  const needed = shownCart(view).lines.some(({ product }) => !product.isGiftCard);
  const { shop, market } = view;
  if (!needed) return 0;
  return liquidAmount(
    presentmentMinor(SHIPPING_MINOR, shop.currency, market.currency, market.rate),
    market.currency,
  );
}

export function cartThing(view: View): Thing {
  const cart = shownCart(view);
  const lines = cart.lines.map((line) => lineThing(view, line, cart));
  const applications = () => cart.priced.uses.map((use) => applicationThing(view, use, cart));
  return new Thing("cart", {
    attributes: () => ({ ...view.cart.attributes }),
    cart_level_discount_applications: () =>
      cart.priced.uses
        .filter((use) => !isOfProducts(use, cart.priced) && use.target === "LINE_ITEM")
        .map((use) => applicationThing(view, use, cart)),
    checkout_charge_amount: () => cart.total,
    currency: () => currencyThing(view, view.market.currency),
    discount_applications: applications,
    duties_included: () => false,
    "empty?": () => lines.length === 0,
    item_count: () => cart.itemCount,
    items: () => lines,
    items_subtotal_price: () => cart.subtotal,
    note: () => view.cart.note,
    original_total_price: () => cart.originalTotal,
    requires_shipping: () => cart.lines.some(({ product }) => !product.isGiftCard),
    taxes_included: () => view.shop.taxesIncluded,
    total_discount: () => cart.originalTotal - cart.total,
    total_price: () => cart.total,
    total_weight: () => 0,
  });
}

function lineThing(view: View, shown: ShownLine, cart: ShownCart): Thing {
  const { line, variant, product, price, linePrice, productOff, orderOff } = shown;
  const finalLinePrice = linePrice - amountOf(productOff);
  const allocations = (off: ShownLine["productOff"]) =>
    off.map(
      ({ use, amount }) =>
        new Thing("discount_allocation", {
          amount: () => amount,
          discount_application: () => applicationThing(view, use, cart),
        }),
    );
  const hasOneVariant = variant.title === "Default Title";
  return new Thing("line_item", {
    discount_allocations: () => allocations([...productOff, ...orderOff]),
    error_message: () => null,
    final_line_price: () => finalLinePrice,
    final_price: () => Math.floor(finalLinePrice / line.quantity),
    gift_card: () => product.isGiftCard,
    grams: () => 0,
    id: () => variant.id,
    image: () => productImage(view, product),
    item_components: () => [],
    key: () => line.key,
    line_level_discount_allocations: () => allocations(productOff),
    line_level_total_discount: () => amountOf(productOff),
    original_line_price: () => linePrice,
    original_price: () => price,
    product: () => productThing(view, product),
    product_id: () => product.id,
    properties: () => ({ ...line.properties }),
    quantity: () => line.quantity,
    requires_shipping: () => !product.isGiftCard,
    selling_plan_allocation: () => null,
    sku: () => variant.sku,
    taxable: () => true,
    title: () => (hasOneVariant ? product.title : `${product.title} - ${variant.title}`),
    total_discount: () => amountOf(productOff) + amountOf(orderOff),
    url: () => localUrl(view, `/products/${product.handle}?variant=${variant.id}`),
    url_to_remove: () => localUrl(view, `/cart/change?id=${encodeURIComponent(line.key)}&quantity=0`),
    variant: () => variantThing(view, variant),
    variant_id: () => variant.id,
    vendor: () => product.vendor,
  });
}

function applicationThing(view: View, use: DiscountUseState, cart: ShownCart): Thing {
  return once(view, `discount ${use.discountId}`, () => {
    const total = cart.lines
      .flatMap(({ productOff, orderOff }) => [...productOff, ...orderOff])
      .filter((each) => each.use.discountId === use.discountId);
    const { value } = use;
    return new Thing("discount_application", {
      target_selection: () => (use.selection === "ALL" ? "all" : "entitled"),
      target_type: () => (use.target === "LINE_ITEM" ? "line_item" : "shipping_line"),
      title: () => use.code,
      total_allocated_amount: () => amountOf(total),
      type: () => "discount_code",
      value: () => (value.kind === "amount" ? shopperAmount(view, value.amountMinor) : value.percentage),
      value_type: () => (value.kind === "amount" ? "fixed_amount" : "percentage"),
    });
  });
}
