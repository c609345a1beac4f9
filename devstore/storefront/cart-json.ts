/** The cart as Shopify's Ajax API gives it. */
import type { View } from "./view.ts";
import { localUrl } from "./view.ts";
import { amountOf, shownCart, type ShownLine } from "./objects/cart.ts";

export function cartJson(view: View): Record<string, unknown> {
  const cart = shownCart(view);
  const { attributes, note, token, codes } = view.cart;
  return {
    token,
    note,
    attributes,
    original_total_price: cart.originalTotal,
    total_price: cart.total,
    total_discount: cart.originalTotal - cart.total,
    total_weight: 0,
    item_count: cart.itemCount,
    items: cart.lines.map((line) => lineJson(view, line)),
    requires_shipping: cart.lines.some(({ product }) => !product.isGiftCard),
    currency: view.market.currency,
    items_subtotal_price: cart.subtotal,
    cart_level_discount_applications: applied(cart.lines, ({ orderOff }) => orderOff),
    discount_codes: codes.map((code) => ({ code, applicable: cart.priced.applicable.get(code) === true })),
  };
}

export function lineJson(view: View, shown: ShownLine): Record<string, unknown> {
  const { line, product, variant, price, linePrice, productOff, orderOff } = shown;
  const hasOneVariant = variant.title === "Default Title";
  const finalLinePrice = linePrice - amountOf(productOff);
  return {
    id: variant.id,
    key: line.key,
    properties: line.properties,
    quantity: line.quantity,
    variant_id: variant.id,
    title: hasOneVariant ? product.title : `${product.title} - ${variant.title}`,
    price,
    original_price: price,
    discounted_price: Math.floor(finalLinePrice / line.quantity),
    line_price: finalLinePrice,
    original_line_price: linePrice,
    total_discount: amountOf(productOff) + amountOf(orderOff),
    discounts: [...productOff, ...orderOff].map(({ use, amount }) => ({ amount, title: use.code })),
    sku: variant.sku,
    grams: 0,
    vendor: product.vendor,
    taxable: true,
    product_id: product.id,
    gift_card: product.isGiftCard,
    final_price: Math.floor(finalLinePrice / line.quantity),
    final_line_price: finalLinePrice,
    url: localUrl(view, `/products/${product.handle}?variant=${variant.id}`),
    image: `/cdn/shop/products/${product.id}.svg?v=1`,
    handle: product.handle,
    requires_shipping: !product.isGiftCard,
    product_type: product.productType,
    product_title: product.title,
    variant_title: hasOneVariant ? null : variant.title,
    variant_options: [variant.title],
  };
}

function applied(lines: readonly ShownLine[], read: (line: ShownLine) => ShownLine["orderOff"]) {
  const totals = new Map<string, number>();
  for (const { use, amount } of lines.flatMap(read))
    totals.set(use.code, (totals.get(use.code) ?? 0) + amount);
  return [...totals].map(([title, amount]) => ({
    type: "discount_code",
    title,
    total_allocated_amount: amount,
    target_type: "line_item",
    allocation_method: "across",
  }));
}
