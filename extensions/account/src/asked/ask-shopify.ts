/** Asks Shopify's Customer Account API in the customer's own name. */

const ADDRESS = "shopify://customer-account/api/2026-07/graphql.json";

export async function askShopify<Data>(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Data> {
  const response = await fetch(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  if (!response.ok) throw new Error(`Shopify answered ${response.status}`);
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (!data || errors?.length) throw new Error(errors?.[0]?.message ?? "Shopify answered nothing");
  return data;
}
