/** A page of the customer account: points with every line behind them, rewards, orders, and the customer's own data. */
import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { askingAt, BackendProvider, type Account } from "./asked/backend.ts";
import { loadFacts, type AccountFacts } from "./asked/load-facts.ts";
import { useLoaded, useLooking } from "./asked/use-loaded.ts";
import { Orders } from "./parts/orders.tsx";
import { Points } from "./parts/points.tsx";
import { Profile } from "./parts/profile.tsx";
import { ProductList } from "./parts/product-list.tsx";
import { OwnData } from "./parts/own-data.tsx";
import { Failed, Loading } from "./parts/waiting.tsx";
import { translate } from "./words.ts";

export default function page(): void {
  render(<AccountPage />, document.body);
}

function AccountPage() {
  const [facts, reload] = useLoaded(loadFacts);
  return (
    <s-page heading={translate("page.title")}>
      <s-stack gap="large">
        {facts.state === "loading" && <Loading />}
        {facts.state === "failed" && <Failed again={reload} />}
        {facts.state === "ready" && <Parts facts={facts.value} reload={reload} />}
      </s-stack>
    </s-page>
  );
}

function Parts({ facts, reload }: { facts: AccountFacts; reload: () => void }) {
  const { programme, buyAgain, forYou } = facts;
  const api = programme?.api ?? null;
  const ask = useMemo(() => askingAt(api), [api]);
  const loadAccount = useCallback(async () => {
    const answer = await ask<Account>("account");
    if (!answer.ok) throw new Error(answer.reason);
    return answer;
  }, [ask]);
  const [account, reloadAccount] = useLoaded(loadAccount);
  const [changes, setChanges] = useState(0);
  const isBeingMade =
    account.state === "ready" && account.value.codes.some(({ status }) => status === "reserved");
  const arrived = useCallback(() => setChanges((before) => before + 1), []);
  const lookAgain = useLooking(isBeingMade, { look: reloadAccount, arrived });
  const backend = useMemo(() => {
    const changed = () => {
      setChanges((before) => before + 1);
      reloadAccount();
    };
    return { ask, changes, changed, lookAgain };
  }, [ask, changes, reloadAccount, lookAgain]);
  return (
    <BackendProvider value={backend}>
      {programme && <Points programme={programme} facts={facts} account={account} joined={reload} />}
      <ProductList title={translate("products.buyAgain")} ids={buyAgain} />
      <ProductList title={translate("products.forYou")} ids={forYou} />
      <Orders />
      <Profile facts={facts} reload={reload} />
      {api !== null && <OwnData />}
    </BackendProvider>
  );
}
