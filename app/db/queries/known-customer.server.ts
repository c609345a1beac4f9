/** Who somebody whom the outside names is today. */
import type { Reading } from "../types.ts";

/** The customer that Shopify has named, or into whom they were merged; `null`: Shopify has named nobody of that id, or they were erased. */
export async function knownCustomer(
  { prisma }: Reading,
  shopId: number,
  customerId: number,
): Promise<number | null> {
  const alias = await prisma.customerAlias.findUnique({
    where: { shopId_fromId: { shopId, fromId: customerId } },
  });
  const id = alias ? Number(alias.toId) : customerId;
  const known = await prisma.customer.findUnique({
    where: { shopId_id: { shopId, id } },
    select: { id: true },
  });
  return known ? id : null;
}
