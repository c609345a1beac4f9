/** Reminders with what has become of them: for the member's account, and for the merchant's list of all. */
import { plain } from "../plain.ts";
import { expiryReminders, type ExpiryReminder } from "../stores/expiry-reminders.server.ts";
import type { Reading } from "../types.ts";

/** What of a member's points is still there of those that they were reminded of, the first to expire first. */
export async function remindedExpiries(
  db: Reading,
  shopId: number,
  memberId: number,
  now: number,
): Promise<ExpiryReminder[]> {
  const reminders = await expiryReminders(db, shopId, { memberIds: [memberId], after: now, limit: 20 });
  const lots = await db.prisma.lot.findMany({
    where: { shopId, memberId, isOpen: true, expiresAt: { in: reminders.map(({ expiresAt }) => expiresAt) } },
  });
  const left = new Map<number | null, number>();
  for (const { expiresAt, pending, available } of lots.map(plain)) {
    left.set(expiresAt, (left.get(expiresAt) ?? 0) + pending + available);
  }
  return reminders
    .flatMap((reminder) => {
      const points = left.get(reminder.expiresAt) ?? 0;
      return points > 0 ? [{ ...reminder, points }] : [];
    })
    .toSorted((a, b) => a.expiresAt - b.expiresAt);
}

export interface ListedReminder extends ExpiryReminder {
  /** `null`: nothing leads to the customer any more, or the member is somebody else now. */
  customerId: number | null;
}

export async function latestReminders(db: Reading, shopId: number, limit: number): Promise<ListedReminder[]> {
  const reminders = await expiryReminders(db, shopId, { limit });
  const memberIds = [...new Set(reminders.map(({ memberId }) => memberId))];
  const links = await db.prisma.memberLink.findMany({ where: { shopId, memberId: { in: memberIds } } });
  const customers = new Map(links.map(({ memberId, customerId }) => [memberId, Number(customerId)]));
  return reminders.map((reminder) => ({ ...reminder, customerId: customers.get(reminder.memberId) ?? null }));
}

export interface ReminderToSend extends ListedReminder {
  /** Of the points that were noted, those that are still there. */
  left: number;
}

const MEMBERS_AT_ONCE = 500;
const LAST_MEMBER = 2 ** 31 - 1;

/** What is still to expire of what was noted, of members who are somebody, the first to expire first; nothing where it has all been spent. */
export async function* remindersToSend(
  { prisma }: Reading,
  shopId: number,
  now: number,
): AsyncGenerator<ReminderToSend> {
  let last = { expiresAt: now, memberId: LAST_MEMBER };
  for (;;) {
    const rows = await prisma.expiryReminder.findMany({
      where: {
        shopId,
        OR: [
          { expiresAt: { gt: last.expiresAt } },
          { expiresAt: last.expiresAt, memberId: { gt: last.memberId } },
        ],
      },
      orderBy: [{ expiresAt: "asc" }, { memberId: "asc" }],
      take: MEMBERS_AT_ONCE,
    });
    const reminders = rows.map(plain);
    const memberIds = [...new Set(reminders.map(({ memberId }) => memberId))];
    const links = await prisma.memberLink.findMany({ where: { shopId, memberId: { in: memberIds } } });
    const customers = new Map(links.map(({ memberId, customerId }) => [memberId, Number(customerId)]));
    const lots = await prisma.lot.findMany({ where: { shopId, memberId: { in: memberIds }, isOpen: true } });
    const left = new Map<string, number>();
    for (const { memberId, expiresAt, pending, available } of lots.map(plain)) {
      const key = `${memberId}/${expiresAt}`;
      left.set(key, (left.get(key) ?? 0) + pending + available);
    }
    for (const { memberId, expiresAt, points, remindedAt } of reminders) {
      const there = left.get(`${memberId}/${expiresAt}`) ?? 0;
      const customerId = customers.get(memberId);
      if (there === 0 || customerId === undefined) continue;
      yield { memberId, expiresAt, points, remindedAt, customerId, left: there };
    }
    const end = reminders.at(-1);
    if (!end) return;
    last = end;
  }
}
