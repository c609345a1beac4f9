/** What tiers that are not saved yet would do to members. */

/** Of some members: how many would be higher and lower than they are, and in which tiers all of them would be. */
export interface TiersCount {
  ok: true;
  message: "";
  up: number;
  down: number;
  same: number;
  byTier: Readonly<Record<string, number>>;
  /** The last member that was counted; `null`: all were. */
  after: number | null;
}
