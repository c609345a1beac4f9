/** What the processes of the pages benchmark tell each other. */

export interface FilledShop {
  ready: true;
  shopId: number;
  seconds: number;
}

export interface ServedShops {
  ready: true;
  url: string;
}

/** Milliseconds since the last `reset`. */
export interface EventLoopDelay {
  p99: number;
  max: number;
  /** Of the time: the event loop had work and no core to do it on. */
  waitingShare: number;
}
