/** Orders, where their parcels are, and what can be sent back. */
import { useCallback, useState } from "preact/hooks";
import { loadOrders, type Order, type OrdersPage, type Parcel } from "../asked/orders.ts";
import { useLoaded } from "../asked/use-loaded.ts";
import { dayOf, moneyOf, translate } from "../words.ts";
import { ReturnForm } from "./return-form.tsx";
import { Failed, Loading } from "./waiting.tsx";

export function Orders() {
  const [count, setCount] = useState(1);
  const load = useCallback(() => loadPages(count), [count]);
  const [page, reload] = useLoaded(load);
  return (
    <s-section heading={translate("orders.title")}>
      {page.state === "loading" && <Loading />}
      {page.state === "failed" && <Failed again={reload} />}
      {page.state === "ready" && (
        <s-stack gap="large">
          {page.value.orders.length === 0 && <s-text color="subdued">{translate("orders.none")}</s-text>}
          {page.value.orders.map((order) => (
            <OrderCard key={order.id} order={order} reload={reload} />
          ))}
          {page.value.next !== null && (
            <s-button onClick={() => setCount(count + 1)}>{translate("orders.older")}</s-button>
          )}
        </s-stack>
      )}
    </s-section>
  );
}

/** From the first on, so that a return that was just asked for shows wherever its order stands. */
async function loadPages(count: number): Promise<OrdersPage> {
  let page = await loadOrders(null);
  for (let read = 1; read < count && page.next !== null; read += 1) {
    const { orders, next } = await loadOrders(page.next);
    page = { orders: [...page.orders, ...orders], next };
  }
  return page;
}

function OrderCard({ order, reload }: { order: Order; reload: () => void }) {
  const { name, processedAt, cancelledAt, totalPrice, statusPageUrl, fulfillments, returns } = order;
  const returnable = order.returnInformation.returnableLineItems.nodes;
  return (
    <s-stack gap="small-200">
      <s-stack direction="inline" gap="base" justifyContent="space-between">
        <s-link href={statusPageUrl}>{name}</s-link>
        <s-text>{moneyOf(totalPrice)}</s-text>
      </s-stack>
      <s-text color="subdued">{dayOf(processedAt)}</s-text>
      {cancelledAt !== null && <s-text>{translate("orders.cancelled")}</s-text>}
      {cancelledAt === null && fulfillments.nodes.length === 0 && (
        <s-text>{translate("orders.preparing")}</s-text>
      )}
      {fulfillments.nodes.map((parcel) => (
        <Tracking key={parcel.id} parcel={parcel} />
      ))}
      {returns.nodes.map(({ id, name: returnName, status }) => (
        <s-text key={id}>{translate(`returns.status.${returnStatus(status)}`, { name: returnName })}</s-text>
      ))}
      {returnable.length > 0 && (
        <ReturnForm orderId={order.id} orderName={name} lines={returnable} done={reload} />
      )}
    </s-stack>
  );
}

const SHIPMENTS: Readonly<Record<string, string>> = {
  CONFIRMED: "sent",
  LABEL_PRINTED: "sent",
  LABEL_PURCHASED: "sent",
  CARRIER_PICKED_UP: "transit",
  IN_TRANSIT: "transit",
  OUT_FOR_DELIVERY: "out",
  ATTEMPTED_DELIVERY: "attempted",
  DELAYED: "delayed",
  DELIVERED: "delivered",
  PICKED_UP: "delivered",
  READY_FOR_PICKUP: "ready",
  FAILURE: "failure",
};

function Tracking({
  parcel: { latestShipmentStatus, estimatedDeliveryAt, trackingInformation },
}: {
  parcel: Parcel;
}) {
  const status = SHIPMENTS[latestShipmentStatus ?? "CONFIRMED"] ?? "sent";
  return (
    <s-stack gap="none">
      <s-text>{translate(`orders.parcel.${status}`)}</s-text>
      {estimatedDeliveryAt !== null && status !== "delivered" && (
        <s-text>{translate("orders.estimated", { date: dayOf(estimatedDeliveryAt) })}</s-text>
      )}
      {trackingInformation.map(({ company, number, url }) => {
        const text = [company, number].filter(Boolean).join(" ");
        if (url !== null)
          return (
            <s-link key={url} href={url} target="_blank">
              {translate("orders.track", { parcel: text })}
            </s-link>
          );
        return text === "" ? null : <s-text key={text}>{text}</s-text>;
      })}
    </s-stack>
  );
}

function returnStatus(status: string): string {
  const known = ["REQUESTED", "OPEN", "DECLINED", "CANCELED", "CLOSED"];
  return (known.includes(status) ? status : "REQUESTED").toLowerCase();
}
