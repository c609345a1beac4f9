/**
 * The report of a whole shop, computed a second time: by SQL over the raw file, with none of the app's code. From the command
 * line: `node tests/reference/report-by-sql.ts online-retail FILE` or `... cdnow FILE` prints it as JSON.
 */
import type Sqlite from "better-sqlite3";
import { loadRawTable } from "./raw-table.ts";

const SOURCES = ["cdnow", "online-retail"] as const;
export type Source = (typeof SOURCES)[number];

/** Minor units of a plain decimal text, the third decimal rounding away from zero, in whole numbers throughout. */
const hundredths = (column: string) => `(
  CASE WHEN instr(${column}, '.') = 0 THEN CAST(${column} AS INTEGER) * 100
  ELSE CAST(substr(${column}, 1, instr(${column}, '.') - 1) AS INTEGER) * 100
    + (CAST(substr(substr(${column}, instr(${column}, '.') + 1) || '000', 1, 3) AS INTEGER) + 5) / 10 END)`;

/** Each line of CDNOW is an order of its own. */
const CDNOW = `
  CREATE TABLE orders AS
    SELECT rowid AS id, customer_id AS customer, date AS day, ${hundredths("dollar_value")} AS gross, 0 AS refunds
    FROM raw;`;

/**
 * The rule that devstore/history/online-retail.ts states, in SQL. A trigger matches the cancellations one by one, in the order
 * in which they are inserted.
 */
const ONLINE_RETAIL = `
  CREATE TABLE line AS
    SELECT rowid AS place, upper(trim(InvoiceNo)) AS invoice, upper(trim(StockCode)) AS code,
      CAST(Quantity AS INTEGER) AS units, InvoiceDate AS at, ${hundredths("UnitPrice")} AS price,
      CASE WHEN CustomerID IN ('', 'NA') THEN NULL ELSE CustomerID END AS customer
    FROM raw
    WHERE UnitPrice NOT LIKE '-%'
      AND upper(trim(StockCode)) NOT IN ('AMAZONFEE', 'B', 'BANK CHARGES', 'CRUK', 'D', 'M', 'S');
  DELETE FROM line WHERE price <= 0;

  CREATE TABLE sale AS
    SELECT *, units AS units_left, code IN ('POST', 'DOT', 'C2') AS postage, code LIKE 'GIFT\\_%' ESCAPE '\\' AS gift_card
    FROM line
    WHERE invoice GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]' AND units > 0;
  DELETE FROM sale WHERE invoice NOT IN (SELECT invoice FROM sale WHERE NOT postage);
  CREATE INDEX sale_of ON sale (customer, code, at, place);
  CREATE INDEX sale_place ON sale (place);
  CREATE INDEX sale_invoice ON sale (invoice, place);

  CREATE TABLE cancellation (
    place INTEGER PRIMARY KEY, customer TEXT, code TEXT, at TEXT, units INTEGER, price INTEGER, sale INTEGER);
  CREATE TRIGGER match AFTER INSERT ON cancellation BEGIN
    UPDATE cancellation SET sale = (
      SELECT s.place FROM sale s
      WHERE s.customer = new.customer AND s.code = new.code AND (s.at, s.place) < (new.at, new.place)
        AND s.units_left >= new.units
      ORDER BY s.at DESC, s.place DESC LIMIT 1)
    WHERE place = new.place;
    UPDATE sale SET units_left = units_left - new.units
    WHERE place = (SELECT sale FROM cancellation WHERE place = new.place);
  END;
  INSERT INTO cancellation (place, customer, code, at, units, price)
    SELECT place, customer, code, at, -units, price FROM line
    WHERE invoice GLOB 'C[0-9][0-9][0-9][0-9][0-9][0-9]' AND units < 0 AND customer IS NOT NULL
    ORDER BY at, place;
  CREATE INDEX cancelled ON cancellation (sale);

  CREATE TABLE orders AS
    SELECT s.invoice AS id,
      (SELECT f.customer FROM sale f WHERE f.invoice = s.invoice ORDER BY f.place LIMIT 1) AS customer,
      substr(min(s.at), 1, 10) AS day,
      sum(CASE WHEN s.postage OR s.gift_card THEN 0 ELSE s.units * s.price END) AS gross,
      coalesce(sum(CASE WHEN s.postage OR s.gift_card THEN 0 ELSE
        (SELECT sum(c.units * c.price) FROM cancellation c WHERE c.sale = s.place) END), 0) AS refunds
    FROM sale s GROUP BY s.invoice;`;

const PREPARATION: Record<Source, { sql: string; currency: string }> = {
  cdnow: { sql: CDNOW, currency: "USD" },
  "online-retail": { sql: ONLINE_RETAIL, currency: "GBP" },
};

const TOTALS = `
  SELECT count(*) AS orders, count(*) - count(customer) AS guestOrders, count(DISTINCT customer) AS customers,
    count(customer) AS customerOrders, sum(gross) AS gross, sum(refunds) AS refunds, sum(gross - refunds) AS net,
    round(sum(gross - refunds) * 1.0 / count(*)) AS aov
  FROM orders`;

const REPEATERS = `
  SELECT count(*) AS customers FROM
    (SELECT customer FROM orders WHERE customer IS NOT NULL GROUP BY customer HAVING count(*) > 1)`;

const MEDIAN_INTERVAL = `
  WITH interval AS (
    SELECT julianday(day) - julianday(lag(day) OVER (PARTITION BY customer ORDER BY day)) AS days
    FROM orders WHERE customer IS NOT NULL),
  placed AS (
    SELECT days, row_number() OVER (ORDER BY days) AS place, count(*) OVER () AS all_of_them
    FROM interval WHERE days IS NOT NULL)
  SELECT avg(days) AS days FROM placed WHERE place IN ((all_of_them + 1) / 2, (all_of_them + 2) / 2)`;

/** One row per cohort and month since, up to the month of the last order. */
const COHORTS = `
  WITH RECURSIVE placed AS (
    SELECT customer, gross - refunds AS net, substr(day, 1, 4) * 12 + substr(day, 6, 2) - 1 AS month FROM orders),
  first AS (SELECT customer, min(month) AS cohort FROM placed WHERE customer IS NOT NULL GROUP BY customer),
  size AS (SELECT cohort, count(*) AS customers FROM first GROUP BY cohort),
  cell AS (
    SELECT cohort, month, count(DISTINCT placed.customer) AS active, sum(net) AS net
    FROM placed JOIN first USING (customer) GROUP BY cohort, month),
  month(month) AS (
    SELECT min(month) FROM placed UNION ALL SELECT month + 1 FROM month WHERE month < (SELECT max(month) FROM placed))
  SELECT printf('%04d-%02d', size.cohort / 12, size.cohort % 12 + 1) AS cohort, size.customers,
    coalesce(cell.active, 0) * 1.0 / size.customers AS share,
    sum(coalesce(cell.net, 0)) OVER (PARTITION BY size.cohort ORDER BY month.month) AS cumulative
  FROM size JOIN month ON month.month >= size.cohort
  LEFT JOIN cell ON cell.cohort = size.cohort AND cell.month = month.month
  ORDER BY size.cohort, month.month`;

interface Totals {
  orders: number;
  guestOrders: number;
  customers: number;
  customerOrders: number;
  gross: number;
  refunds: number;
  net: number;
  aov: number;
}

interface CohortCell {
  cohort: string;
  customers: number;
  share: number;
  cumulative: number;
}

export function reportBySql(source: Source, file: string) {
  const database = loadRawTable(file);
  const { sql, currency } = PREPARATION[source];
  database.exec(sql);
  const totals = database.prepare(TOTALS).get() as Totals;
  const repeaters = database.prepare(REPEATERS).get() as { customers: number };
  const interval = database.prepare(MEDIAN_INTERVAL).get() as { days: number | null };
  const cohorts = cohortRows(database);
  database.close();
  return {
    currency,
    orders: totals.orders,
    customers: totals.customers,
    guestOrders: totals.guestOrders,
    repeatCustomers: repeaters.customers,
    repeatPurchaseRate: repeaters.customers / totals.customers,
    grossMinor: totals.gross,
    refundsMinor: totals.refunds,
    netMinor: totals.net,
    aovMinor: totals.aov,
    purchaseFrequency: totals.customerOrders / totals.customers,
    medianDaysBetweenOrders: interval.days,
    cohorts,
  };
}

function cohortRows(database: Sqlite.Database) {
  const cells = database.prepare(COHORTS).all() as CohortCell[];
  return [...Map.groupBy(cells, ({ cohort }) => cohort)].map(([month, ages]) => ({
    month,
    customers: ages[0]?.customers ?? 0,
    retention: ages.map(({ share }) => share),
    cumulativeNetMinor: ages.map(({ cumulative }) => cumulative),
  }));
}

if (import.meta.main) {
  const [source, file] = process.argv.slice(2);
  const known = SOURCES.find((name) => name === source);
  if (!known || !file) throw new Error(`usage: report-by-sql.ts ${SOURCES.join("|")} FILE`);
  console.log(JSON.stringify(reportBySql(known, file)));
}
