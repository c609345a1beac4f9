/** Prometheus metrics of this process; what stands in the database is read when /metrics is asked. */
import { isMainThread } from "node:worker_threads";
import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObjectWithValues,
  type MetricValue,
} from "prom-client";

/** With event-loop delay, memory and garbage collection of this process. */
const registry = new Registry();
if (isMainThread) collectDefaultMetrics({ register: registry });

/** What each thread that works counts for itself: the process's figure is their sum. */
export const workRegistry = new Registry();

/** A thread's counts as one thread tells them another. */
export type Figures = MetricObjectWithValues<MetricValue<string>>[];

/** Everything as text, with what `others` counted added to what this thread did. */
export async function metricsText(others: readonly Figures[]): Promise<string> {
  const work = AggregatorRegistry.aggregate([await workRegistry.getMetricsAsJSON(), ...others]);
  return `${await registry.metrics()}\n${await work.metrics()}`;
}

export const metricsContentType = registry.contentType;

export const httpDuration = new Histogram({
  name: "perennial_http_request_duration_seconds",
  help: "Time to answer a request, by route",
  labelNames: ["method", "route", "status"] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

export const jobDuration = new Histogram({
  name: "perennial_job_duration_seconds",
  help: "Time that one run of a job took, by kind and outcome",
  labelNames: ["kind", "outcome"] as const,
  buckets: [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
  registers: [workRegistry],
});

export const bulkTransactionDuration = new Histogram({
  name: "perennial_sqlite_bulk_transaction_duration_seconds",
  help: "Time that one transaction of a history's writing held SQLite's write lock",
  buckets: [0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.25, 1],
  registers: [workRegistry],
});

/** A gauge whose value is read when it is asked for; one that cannot be read is left out, and /metrics still answers. */
export function gauge(name: string, help: string, read: () => number | null | Promise<number | null>): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.remove();
      const value = await Promise.resolve(read()).catch(() => null);
      if (value !== null) this.set(value);
    },
  });
}

/** Gauges of one reading, told apart by a label. */
export function gaugeBy<Label extends string>(
  name: string,
  help: string,
  label: Label,
  read: () => Promise<Record<string, number>>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      this.reset();
      const values = await read().catch(() => ({}));
      for (const [value, number] of Object.entries(values)) this.set({ [label]: value } as never, number);
    },
  });
}

/** A counter that another module already keeps as a number, of this thread. */
export function counterOf(name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [workRegistry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
