/** Whether this process should get requests: /healthz says that it lives, /readyz that it can work. */

export interface Health {
  /** One reason for each thing that is wrong; empty when ready. */
  faults(): Promise<string[]>;
  /** From now on not ready, so that a load balancer looks elsewhere while requests are drained. */
  stop(): void;
}

/** A check throws or returns a sentence when something is wrong. It gets two seconds. */
export type Check = () => Promise<string | null>;

export function createHealth(checks: readonly Check[], withinMs = 2_000): Health {
  let stopping = false;
  return {
    async faults() {
      if (stopping) return ["stopping"];
      const answers = await Promise.all(checks.map((check) => answerWithin(check, withinMs)));
      return answers.filter((answer) => answer !== null);
    },
    stop() {
      stopping = true;
    },
  };
}

async function answerWithin(check: Check, ms: number): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("a check did not answer in time"), ms);
  try {
    return await Promise.race([check(), late]);
  } catch {
    return "a check failed";
  } finally {
    clearTimeout(timer);
  }
}
