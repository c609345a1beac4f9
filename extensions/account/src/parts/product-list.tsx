/** Products that are recommended, as the shop sells them where the customer is. */
import { useCallback } from "preact/hooks";
import { loadProducts, type Product } from "../asked/load-products.ts";
import { useLoaded } from "../asked/use-loaded.ts";
import { moneyOf, translate } from "../words.ts";
import { Failed, Loading } from "./waiting.tsx";

export function ProductList({ title, ids }: { title: string; ids: readonly string[] }) {
  const named = ids.join(" ");
  const load = useCallback(() => loadProducts(named === "" ? [] : named.split(" ")), [named]);
  const [products, reload] = useLoaded(load);
  if (ids.length === 0 || (products.state === "ready" && products.value.length === 0)) return null;
  return (
    <s-section heading={title}>
      {products.state === "loading" && <Loading />}
      {products.state === "failed" && <Failed again={reload} />}
      {products.state === "ready" && (
        <s-grid gridTemplateColumns="repeat(auto-fill, minmax(9rem, 1fr))" gap="base">
          {products.value.map((product) => (
            <ProductCard key={product.id} product={product} />
          ))}
        </s-grid>
      )}
    </s-section>
  );
}

function ProductCard({ product }: { product: Product }) {
  const { title, onlineStoreUrl, featuredImage, priceRange, availableForSale } = product;
  const { minVariantPrice, maxVariantPrice } = priceRange;
  const price = moneyOf(minVariantPrice);
  const isOnePrice = Number(minVariantPrice.amount) === Number(maxVariantPrice.amount);
  return (
    <s-stack gap="small-200">
      {featuredImage && (
        // The link beside it names the product.
        <s-image
          src={featuredImage.url}
          alt=""
          aspectRatio="1"
          objectFit="cover"
          loading="lazy"
          borderRadius="base"
        />
      )}
      <s-link href={onlineStoreUrl ?? undefined} target="_blank">
        {title}
      </s-link>
      <s-text>{isOnePrice ? price : translate("products.from", { amount: price })}</s-text>
      {!availableForSale && <s-text color="subdued">{translate("products.soldOut")}</s-text>}
    </s-stack>
  );
}
