/**
 * Store credit, which Shopify gives as often as it is asked: a credit is known by its amount and the second at which it expires, and
 * the account is read before every question. Whoever asks sees to it that no other credit of the customer expires at that second, and
 * that an earlier question whose answer was lost has had its time to arrive.
 */
import type { Grant } from "../../core/loyalty/reward.ts";
import { parseMinor } from "../../core/money.ts";
import { failpoint } from "../../observability/failpoint.ts";
import type { AdminClient } from "../admin-client.server.ts";
import type { StoreCreditsQuery } from "../generated/admin.generated.d.ts";
import { gidOf, idOf } from "../gid.ts";
import { CREDIT_STORE_CREDIT, STORE_CREDITS } from "../operations/rewards.ts";
import { refusal, type Granted } from "./answer.ts";
import { moneyInput } from "./money-input.ts";

/** By so much Shopify's clock and ours may differ. */
const CLOCKS_DIFFER_MS = 3_600_000;

/** The credit's id, where this very grant has been given. */
export async function findStoreCredit(client: AdminClient, grant: Grant): Promise<number | null> {
  for await (const credit of creditsOf(client, grant)) {
    if (!("expiresAt" in credit) || !credit.expiresAt) continue;
    const isSame =
      Date.parse(credit.expiresAt) === grant.expiresAt &&
      parseMinor(credit.amount.amount, grant.currency) === valueOf(grant);
    if (isSame) return idOf(credit.id);
  }
  return null;
}

export async function grantStoreCredit(client: AdminClient, grant: Grant): Promise<Granted> {
  const found = await findStoreCredit(client, grant);
  if (found !== null) return { ok: true, shopifyId: found };
  failpoint("rewards:before-credit");
  const { credited } = await client.request(CREDIT_STORE_CREDIT, {
    id: gidOf("Customer", grant.customerId),
    credit: {
      creditAmount: moneyInput(valueOf(grant), grant.currency),
      expiresAt: new Date(grant.expiresAt).toISOString(),
    },
  });
  failpoint("rewards:after-credit");
  const transaction = credited?.storeCreditAccountTransaction;
  return transaction ? { ok: true, shopifyId: idOf(transaction.id) } : refusal(credited?.userErrors ?? []);
}

function valueOf({ gives }: Grant): number {
  if (gives.kind !== "store-credit") throw new Error(`${gives.kind} is no store credit`);
  return gives.valueMinor;
}

type Account = NonNullable<StoreCreditsQuery["customer"]>["storeCreditAccounts"]["nodes"][number];

/** Newest first, and none from before the grant was decided. */
async function* creditsOf(
  client: AdminClient,
  { customerId, currency, startsAt }: Grant,
): AsyncGenerator<Account["transactions"]["nodes"][number]> {
  const variables = { customerId: gidOf("Customer", customerId), accounts: `currency_code:${currency}` };
  let after: string | null = null;
  do {
    failpoint("rewards:before-read-credits");
    const answer: StoreCreditsQuery = await client.request(STORE_CREDITS, { ...variables, after });
    failpoint("rewards:after-read-credits");
    const transactions: Account["transactions"] | undefined =
      answer.customer?.storeCreditAccounts.nodes[0]?.transactions;
    for (const credit of transactions?.nodes ?? []) {
      if (Date.parse(credit.createdAt) < startsAt - CLOCKS_DIFFER_MS) return;
      yield credit;
    }
    after = transactions?.pageInfo.hasNextPage ? (transactions.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
}
