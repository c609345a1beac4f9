/** Makes the demo's shop: a past from a seed or a file, and a world filled with it and saved. */
import { generateHistory, lastWholeDay } from "../../devstore/history/generate.ts";
import type { ImportAccount } from "../../devstore/history/account.ts";
import type { ShopHistory } from "../../devstore/history/model.ts";
import { readHistory } from "../../devstore/history/read-history.ts";
import { fillShop } from "../../devstore/state/fill.ts";
import { saveWorld } from "../../devstore/state/persistence.ts";
import { createWorld } from "../../devstore/state/world.ts";
import { say, step } from "./display.ts";
import { demoFiles, type DemoSource } from "./folder.ts";
import { openOnlineStore } from "./online-store.ts";
import { CannotRun } from "./options.ts";

const count = (value: number) => value.toLocaleString("en");

/** Touches nothing: a file that cannot be taken in leaves the demo as it is. */
export function pastOf(source: DemoSource, file: string | null): Promise<ShopHistory> {
  return source.kind === "file" ? readFile(source, file) : generate(source.seed);
}

export async function makeShop(domain: string, history: ShopHistory): Promise<void> {
  await step(
    "Filling the shop",
    async () => {
      const world = createWorld();
      openOnlineStore(world, fillShop(world, domain, history).shop);
      await saveWorld(world, demoFiles.world);
    },
    () => `Filled ${domain}`,
  );
}

async function generate(seed: number): Promise<ShopHistory> {
  return step(
    "Making up a shop",
    async () => generateHistory({ seed, endDay: lastWholeDay(Date.now()) }),
    (history) => `Made up a shop from seed ${seed}: ${sizeOf(history)}`,
  );
}

const sizeOf = ({ orders, customers, products }: ShopHistory) =>
  `${count(orders.length)} orders, ${count(customers.length)} customers, ${count(products.length)} products`;

async function readFile(source: DemoSource & { kind: "file" }, file: string | null): Promise<ShopHistory> {
  const { columns, dates, currency, timeZone, name } = source;
  const read = await step(
    `Reading ${name}`,
    async () => {
      const result = await readHistory({
        file: file ?? name,
        ...(columns !== null && { columns }),
        ...(dates !== null && { dates }),
        ...(currency !== null && { currency }),
        ...(timeZone !== null && { timeZone }),
      });
      if (!result.ok) throw new CannotRun(result.reason);
      return result;
    },
    ({ kind, history }) => `Read ${name} as ${kind}: ${sizeOf(history)}`,
  );
  for (const line of accountLines(read.account)) say(`    ${line}`);
  return read.history;
}

/** What was taken and what was not; the counts add up to the file's lines. */
function accountLines({ read, taken, skipped }: ImportAccount): string[] {
  const rows: [number, string][] = [
    [read, "lines in the file, of which"],
    [taken, "were taken, and skipped were"],
    ...skipped.map((row): [number, string] => [row.count, row.reason]),
  ];
  if (skipped.length === 0) rows[1] = [taken, "were taken"];
  return rows.map(([number, text]) => `${count(number).padStart(9)}  ${text}`);
}
