import { GatewayError } from '../../../src/errors.js';
import type { QuotaStore, Reservation } from '../../../src/traffic/quota/quota-store.js';

export interface QuotaStoreSubject extends AsyncDisposable {
  readonly quotaStore: QuotaStore;
  /** Advances its time by a few milliseconds. */
  pass(ms: number): Promise<void>;
  /** Advances its time by a day. */
  nextDay(): Promise<void>;
}

export const dayMs = 86_400_000;

/** The GatewayError that a request was refused with; undefined when it was not refused. */
export async function errorOf(request: () => unknown): Promise<GatewayError | undefined> {
  try {
    await request();
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** Reserves one record several times at once, and returns the reservations that were granted. */
export async function reserveEach(
  quotaStore: QuotaStore,
  times: number,
  recordsPerDay: number,
  name = 'ann',
): Promise<Reservation[]> {
  const requests = Array.from({ length: times }, async () => quotaStore.reserve(name, 1, recordsPerDay));
  const outcomes = await Promise.allSettled(requests);
  return outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
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

/** Promises that hold for every quota store. @param start starts one with a burst of 100 ids */
export function quotaStoreContract(start: () => Promise<QuotaStoreSubject>): void {
  describe('ids', () => {
    const slow = 0.01;

    test('are available for a burst at once, and not for more', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 70, slow);
      await subject.quotaStore.take('ann', 30, slow);
      const error = await errorOf(() => subject.quotaStore.take('ann', 1, slow));
      expect(error?.code).toBe('RATE_LIMITED');
      expect(error?.message).toMatch(
        /^This caller may look up 0\.01 ids per second; try 1 again in \d+ ms\.$/,
      );
    });

    test('are available for one second at once, where that is more than the burst', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 5000, 5000);
      const error = await errorOf(() => subject.quotaStore.take('ann', 5000, 5000));
      expect(error?.retryAfterMs).toBeGreaterThan(100);
      expect(error?.retryAfterMs).toBeLessThanOrEqual(1000);
    });

    test('that are refused are not taken', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 60, slow);
      for (let each = 0; each < 5; each += 1) {
        expect(await errorOf(() => subject.quotaStore.take('ann', 41, slow))).toBeDefined();
      }
      await subject.quotaStore.take('ann', 40, slow);
    });

    test('are available after `retryAfterMs`, and not long before', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 200, 200);
      const error = await errorOf(() => subject.quotaStore.take('ann', 50, 200));
      const waitMs = error?.retryAfterMs ?? 0;
      expect(waitMs).toBeGreaterThan(50);
      expect(waitMs).toBeLessThanOrEqual(250);
      await subject.pass(waitMs);
      await subject.quotaStore.take('ann', 50, 200);
    });

    test('that exceed a full bucket are refused with TOO_MANY_IDS, and are not taken', async () => {
      await using subject = await start();
      const error = await errorOf(() => subject.quotaStore.take('ann', 101, slow));
      expect(error?.extensions).toEqual({ code: 'TOO_MANY_IDS' });
      expect(error?.message).toBe('This caller may look up at most 100 ids at once, got: 101.');
      await subject.quotaStore.take('ann', 100, slow);
    });

    test('may be 0, also when the bucket is empty', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 100, slow);
      await subject.quotaStore.take('ann', 0, slow);
    });

    test('can be charged afterwards', async () => {
      await using subject = await start();
      subject.quotaStore.charge('ann', 30, slow);
      subject.quotaStore.charge('ann', 30, slow);
      await subject.pass(20);
      expect(await errorOf(() => subject.quotaStore.take('ann', 41, slow))).toBeDefined();
      await subject.quotaStore.take('ann', 40, slow);
    });

    test('are owed up to the capacity of the bucket, however many are charged', async () => {
      await using subject = await start();
      for (let each = 0; each < 10; each += 1) subject.quotaStore.charge('ann', 1_000_000, 10);
      await subject.pass(20);
      const error = await errorOf(() => subject.quotaStore.take('ann', 1, 10));
      expect(error?.retryAfterMs).toBeGreaterThan(9000);
      expect(error?.retryAfterMs).toBeLessThanOrEqual(10_100);
    });

    test('of one caller are separate from those of another, whatever their names', async () => {
      await using subject = await start();
      for (const name of hostileNames) await subject.quotaStore.take(name, 100, slow);
      for (const name of hostileNames) {
        expect((await errorOf(() => subject.quotaStore.take(name, 1, slow)))?.code).toBe('RATE_LIMITED');
      }
    });

    test('refill at the rate of the latest request', async () => {
      await using subject = await start();
      await subject.quotaStore.take('ann', 100, slow);
      const error = await errorOf(() => subject.quotaStore.take('ann', 100, 1000));
      expect(error?.retryAfterMs).toBeUndefined();
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

    test.each([0, -1, Number.NaN, Infinity])('cannot refill at %p per second', async (rate) => {
      await using subject = await start();
      const message = `Expected \`idsPerSecond\` to be a finite number above 0, got ${rate}`;
      await expect(async () => subject.quotaStore.take('ann', 1, rate)).rejects.toThrow(
        new RangeError(message),
      );
    });
  });

  describe('records', () => {
    test('that are reserved at once never exceed the quota', async () => {
      await using subject = await start();
      expect(await reserveEach(subject.quotaStore, 120, 100)).toHaveLength(100);
      const error = await errorOf(() => subject.quotaStore.reserve('ann', 1, 100));
      expect(error?.code).toBe('RATE_LIMITED');
      expect(error?.message).toBe('The daily quota of 100 records is used up until 00:00 UTC.');
      expect(error?.retryAfterMs).toBeGreaterThan(0);
      expect(error?.retryAfterMs).toBeLessThanOrEqual(dayMs);
    });

    test('that were not billed are available again', async () => {
      await using subject = await start();
      for (const each of await reserveEach(subject.quotaStore, 10, 10)) each.settle(0);
      expect(await reserveEach(subject.quotaStore, 11, 10)).toHaveLength(10);
    });

    test('that were billed stay used', async () => {
      await using subject = await start();
      for (const each of await reserveEach(subject.quotaStore, 10, 10)) each.settle(1);
      expect(await reserveEach(subject.quotaStore, 1, 10)).toEqual([]);
    });

    test('that were billed beyond the reservation count too', async () => {
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

    test('are all available on a new day', async () => {
      await using subject = await start();
      for (const each of await reserveEach(subject.quotaStore, 10, 10)) each.settle(1);
      await subject.nextDay();
      expect(await reserveEach(subject.quotaStore, 11, 10)).toHaveLength(10);
    });

    test('are settled in the day in which they were reserved', async () => {
      await using subject = await start();
      const [billed, unbilled] = await reserveEach(subject.quotaStore, 2, 2);
      await subject.nextDay();
      const [today] = await reserveEach(subject.quotaStore, 1, 2);
      billed?.settle(1);
      unbilled?.settle(0);
      expect(await reserveEach(subject.quotaStore, 5, 2)).toHaveLength(1);
      today?.settle(0);
      expect(await reserveEach(subject.quotaStore, 5, 2)).toHaveLength(1);
    });

    test('that do not fit leave the rest to smaller reservations', async () => {
      await using subject = await start();
      const requests = [3, 3, 3, 1].map((records) =>
        errorOf(() => subject.quotaStore.reserve('ann', records, 7)),
      );
      expect((await Promise.all(requests)).map((error) => error?.code)).toEqual([
        undefined,
        undefined,
        'RATE_LIMITED',
        undefined,
      ]);
    });

    test.each([
      [1, 0],
      [11, 10],
    ])(
      'that exceed the quota of a whole day are refused without `retryAfterMs`: %p of %p',
      async (records, perDay) => {
        await using subject = await start();
        const error = await errorOf(() => subject.quotaStore.reserve('ann', records, perDay));
        expect(error?.extensions).toEqual({ code: 'RATE_LIMITED' });
        expect(error?.message).toBe(`The daily quota of ${perDay} records is less than ${records}.`);
      },
    );

    test('of one caller are separate from those of another, whatever their names', async () => {
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

  test('can be closed twice, and records that were settled before stay settled', async () => {
    await using subject = await start();
    for (const each of await reserveEach(subject.quotaStore, 5, 10)) each.settle(1);
    await subject.quotaStore.close();
    await subject.quotaStore.close();
    expect(await reserveEach(subject.quotaStore, 10, 10)).toHaveLength(5);
  });
}
