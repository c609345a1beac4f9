/**
 * What a job throws, or returns, to be run again at a time without counting an attempt: the shop's bucket is empty, or a bulk
 * operation still runs. Here, because services say it and the queue hears it.
 */
export class RetryAt extends Error {
  override readonly name = "RetryAt";
  /** Epoch milliseconds. */
  readonly at: number;

  constructor(at: number, reason = "not yet") {
    super(reason);
    this.at = at;
  }
}
