import { GatewayError } from '../../../src/errors.js';
import type { QuotaStore, Reservation } from '../../../src/traffic/quota/quota-store.js';

export interface AllowancesSubject extends AsyncDisposable {
  readonly quotaStore: QuotaStore;
  /** Lets a few milliseconds of its time pass. */
  pass(ms: number): Promise<void>;
  /** Lets it be a day later. */
  nextDay(): Promise<void>;
}

export const dayMs = 86_400_000;

/** How a question was refused; undefined when it was not. */
export async function refusalOf(ask: () => unknown): Promise<GatewayError | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** Asks for one record so many times at once, and tells what was granted. */
export async function reserveEach(
  quotaStore: QuotaStore,
  times: number,
  recordsPerDay: number,
  name = 'ann',
): Promise<Reservation[]> {
  const asked = Array.from({ length: times }, async () => quotaStore.reserve(name, 1, recordsPerDay));
  const ends = await Promise.allSettled(asked);
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

const hostileNames = [
  '',
  ' ',
  '*',
  '__proto__',
  'constructor',
  'a:b',
  'a\0b',
  '\r\n*1\r\n$8\r\nFLUSHALL\r\n',
  'ключ 🔑',
  '\u00e9',
  'e\u0301',
  'n'.repeat(10_000),
];

/** Promises that hold wherever it is kept what callers may ask for. @param start with a burst of 100 ids */
export function allowancesContract(start: () => Promise<AllowancesSubject>): void {
  describe('ids', () => {
    const slow = 0.01;

    test('are there for a burst at once, and not for more', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 70, slow);
      await subject.quotaStore.take('ann', 30, slow);
      const refusal = await refusalOf(() => subject.quotaStore.take('ann', 1, slow));
      expect(refusal?.code).toBe('RATE_LIMITED');
      expect(refusal?.message).toMatch(
        /^This caller may ask for 0\.01 ids a second; there will be 1 in \d+ ms\.$/,
      );
    });

    test('are there for a second at once, where that is more than a burst', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 5000, 5000);
      const refusal = await refusalOf(() => subject.quotaStore.take('ann', 5000, 5000));
      expect(refusal?.retryAfterMs).toBeGreaterThan(100);
      expect(refusal?.retryAfterMs).toBeLessThanOrEqual(1000);
    });

    test('that are refused cost nothing', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 60, slow);
      for (let each = 0; each < 5; each += 1) {
        expect(await refusalOf(() => subject.quotaStore.take('ann', 41, slow))).toBeDefined();
      }
      await subject.quotaStore.take('ann', 40, slow);
    });

    test('are there when the refusal said, and not long before', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 200, 200);
      const refusal = await refusalOf(() => subject.quotaStore.take('ann', 50, 200));
      const waitMs = refusal?.retryAfterMs ?? 0;
      expect(waitMs).toBeGreaterThan(50);
      expect(waitMs).toBeLessThanOrEqual(250);
      await subject.pass(waitMs);
      await subject.quotaStore.take('ann', 50, 200);
    });

    test('that the full bucket never holds are refused without a time, and cost nothing', async () => {
      await using subject = await start();
      const refusal = await refusalOf(() => subject.quotaStore.take('ann', 101, slow));
      expect(refusal?.extensions).toEqual({ code: 'TOO_MANY_IDS' });
      expect(refusal?.message).toBe('This caller may ask for at most 100 ids at once, got: 101.');
      await subject.quotaStore.take('ann', 100, slow);
    });

    test('may be none, also when none are there', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 100, slow);
      await subject.quotaStore.take('ann', 0, slow);
    });

    test('can be charged afterwards', async () => {
      await using subject = await start();
      subject.quotaStore.charge('ann', 30, slow);
      subject.quotaStore.charge('ann', 30, slow);
      await subject.pass(20);
      expect(await refusalOf(() => subject.quotaStore.take('ann', 41, slow))).toBeDefined();
      await subject.quotaStore.take('ann', 40, slow);
    });

    test('are owed up to a burst, however many are charged', async () => {
      await using subject = await start();
      for (let each = 0; each < 10; each += 1) subject.quotaStore.charge('ann', 1_000_000, 10);
      await subject.pass(20);
      const refusal = await refusalOf(() => subject.quotaStore.take('ann', 1, 10));
      expect(refusal?.retryAfterMs).toBeGreaterThan(9000);
      expect(refusal?.retryAfterMs).toBeLessThanOrEqual(10_100);
    });

    test('of one caller are not those of another, whatever their names', async () => {
      await using subject = await start();
      for (const name of hostileNames) await subject.quotaStore.take(name, 100, slow);
      for (const name of hostileNames) {
        expect((await refusalOf(() => subject.quotaStore.take(name, 1, slow)))?.code).toBe('RATE_LIMITED');
      }
    });

    test('refill by the rate that holds now', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 100, slow);
      const refusal = await refusalOf(() => subject.quotaStore.take('ann', 100, 1000));
      expect(refusal?.retryAfterMs).toBeUndefined();
    });

    test.each([-1, 0.5, Number.NaN, Infinity])('cannot be %p', async (ids) => {
      await using subject = await start();
      const message = `Expected \`ids\` to be an integer from 0 up, got ${ids}`;
      await expect(async () => subject.quotaStore.take('ann', ids, 1)).rejects.toThrow(
        new RangeError(message),
      );
      await expect(async () => subject.quotaStore.charge('ann', ids, 1)).rejects.toThrow(
        new RangeError(message),
      );
    });

    test.each([0, -1, Number.NaN, Infinity])('cannot come at %p a second', async (rate) => {
      await using subject = await start();
      const message = `Expected \`idsPerSecond\` to be a number above 0, got ${rate}`;
      await expect(async () => subject.quotaStore.take('ann', 1, rate)).rejects.toThrow(
        new RangeError(message),
      );
    });
  });

  describe('records', () => {
    test('that are asked for at once never exceed what is left', async () => {
      await using subject = await start();
      expect(await reserveEach(subject.quotaStore, 120, 100)).toHaveLength(100);
      const refusal = await refusalOf(() => subject.quotaStore.reserve('ann', 1, 100));
      expect(refusal?.code).toBe('RATE_LIMITED');
      expect(refusal?.message).toBe('The daily budget of 100 records is used up until 00:00 UTC.');
      expect(refusal?.retryAfterMs).toBeGreaterThan(0);
      expect(refusal?.retryAfterMs).toBeLessThanOrEqual(dayMs);
    });

    test('that were not billed are there again', async () => {
      await using subject = await start();
      for (const each of await reserveEach(subject.quotaStore, 10, 10)) each.settle(0);
      expect(await reserveEach(subject.quotaStore, 11, 10)).toHaveLength(10);
    });

    test('that were billed are not', async () => {
      await using subject = await start();
      for (const each of await reserveEach(subject.quotaStore, 10, 10)) each.settle(1);
      expect(await reserveEach(subject.quotaStore, 1, 10)).toEqual([]);
    });

    test('beyond those set aside count, too', async () => {
      await using subject = await start();
      const [one] = await reserveEach(subject.quotaStore, 1, 10);
      one?.settle(8);
      expect(await reserveEach(subject.quotaStore, 5, 10)).toHaveLength(2);
      const [other] = await reserveEach(subject.quotaStore, 1, 11);
      other?.settle(50);
      expect(await reserveEach(subject.quotaStore, 1, 20)).toEqual([]);
    });

    test('are settled once', async () => {
      await using subject = await start();
      const [first, second] = await reserveEach(subject.quotaStore, 2, 2);
      first?.settle(0);
      first?.settle(0);
      second?.settle(1);
      second?.settle(0);
      expect(await reserveEach(subject.quotaStore, 5, 2)).toHaveLength(1);
    });

    test('of a new day are all there', async () => {
      await using subject = await start();
      for (const each of await reserveEach(subject.quotaStore, 10, 10)) each.settle(1);
      await subject.nextDay();
      expect(await reserveEach(subject.quotaStore, 11, 10)).toHaveLength(10);
    });

    test('are settled into the day in which they were set aside', async () => {
      await using subject = await start();
      const [billed, given] = await reserveEach(subject.quotaStore, 2, 2);
      await subject.nextDay();
      const [today] = await reserveEach(subject.quotaStore, 1, 2);
      billed?.settle(1);
      given?.settle(0);
      expect(await reserveEach(subject.quotaStore, 5, 2)).toHaveLength(1);
      today?.settle(0);
      expect(await reserveEach(subject.quotaStore, 5, 2)).toHaveLength(1);
    });

    test('that are too many leave what is left to fewer', async () => {
      await using subject = await start();
      const asked = [3, 3, 3, 1].map((records) =>
        refusalOf(() => subject.quotaStore.reserve('ann', records, 7)),
      );
      expect((await Promise.all(asked)).map((refusal) => refusal?.code)).toEqual([
        undefined,
        undefined,
        'RATE_LIMITED',
        undefined,
      ]);
    });

    test.each([
      [1, 0],
      [11, 10],
    ])('that no day holds are refused without a time: %p of %p', async (records, perDay) => {
      await using subject = await start();
      const refusal = await refusalOf(() => subject.quotaStore.reserve('ann', records, perDay));
      expect(refusal?.extensions).toEqual({ code: 'RATE_LIMITED' });
      expect(refusal?.message).toBe(`The daily budget of ${perDay} records never holds ${records}.`);
    });

    test('of one caller are not those of another, whatever their names', async () => {
      await using subject = await start();
      for (const name of hostileNames) {
        expect(await reserveEach(subject.quotaStore, 3, 2, name)).toHaveLength(2);
      }
      for (const name of hostileNames) expect(await reserveEach(subject.quotaStore, 1, 2, name)).toEqual([]);
    });

    test.each([-1, 0.5, Number.NaN, Infinity])('cannot be %p', async (count) => {
      await using subject = await start();
      const message = (name: string) => `Expected \`${name}\` to be an integer from 0 up, got ${count}`;
      await expect(async () => subject.quotaStore.reserve('ann', count, 5)).rejects.toThrow(
        message('records'),
      );
      await expect(async () => subject.quotaStore.reserve('ann', 1, count)).rejects.toThrow(
        message('recordsPerDay'),
      );
      const [one] = await reserveEach(subject.quotaStore, 1, 1);
      expect(() => one?.settle(count)).toThrow(new RangeError(message('records')));
      one?.settle(0);
      expect(await reserveEach(subject.quotaStore, 2, 1)).toHaveLength(1);
    });
  });

  test('can be closed, also twice, and what was settled before is settled still', async () => {
    await using subject = await start();
    for (const each of await reserveEach(subject.quotaStore, 5, 10)) each.settle(1);
    await subject.quotaStore.close();
    await subject.quotaStore.close();
    expect(await reserveEach(subject.quotaStore, 10, 10)).toHaveLength(5);
  });
}
