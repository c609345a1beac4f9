/** The app's address: Shopify opens it for merchants, who go on to the app; anybody else reads what it is. */
import { redirect, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  if (searchParams.has("shop")) throw redirect(`/app?${searchParams}`);
  return null;
}

export const meta: MetaFunction = () => [
  { title: "Perennial" },
  { name: "description", content: "Keeps a Shopify shop's customers coming back." },
];

export default function Welcome() {
  return (
    <main
      style={{
        font: "16px/1.6 system-ui, sans-serif",
        maxWidth: "40rem",
        margin: "15vh auto",
        padding: "0 1rem",
      }}
    >
      <h1 style={{ fontWeight: 600 }}>Perennial</h1>
      <p>
        Perennial reads a Shopify shop&rsquo;s orders and says which customers come back, what they are worth,
        and what to do about it. Open it from the Apps section of your Shopify admin.
      </p>
    </main>
  );
}
