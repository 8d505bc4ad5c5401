import fc from 'fast-check';
import { Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { isFinalRow, occurredAt } from '../../src/records/finality.js';
import { parseRow } from './record-kinds.js';

const hourMs = 60 * 60 * 1000;
const receivedMs = Date.UTC(2026, 0, 5, 8);
const received = '2026-01-05T08:00:00+0000';

/** The field that says when it happened; receipt, or the start for calls and sessions. */
const dateFields: Readonly<Record<Product, string | null>> = {
  [Product.SMS]: 'date_received',
  [Product.SMS_TRAFFIC_CONTROL]: 'queued_time',
  [Product.VOICE_CALL]: 'date_start',
  [Product.VOICE_FAILED]: 'date_start',
  [Product.VOICE_TTS]: 'creation_date',
  [Product.IN_APP_VOICE]: 'date_start',
  [Product.WEBSOCKET_CALL]: 'date_start',
  [Product.ASR]: 'date_start',
  [Product.AMD]: 'start_time',
  [Product.VERIFY_API]: 'date_received',
  [Product.VERIFY_V2]: 'date_received',
  [Product.NUMBER_INSIGHT]: 'date_received',
  [Product.NUMBER_INSIGHT_V2]: 'date_received',
  [Product.MESSAGES]: 'date_received',
  [Product.CONVERSATION_EVENT]: 'creation_date',
  [Product.CONVERSATION_MESSAGE]: 'creation_date',
  [Product.VIDEO_API]: 'date_start',
  [Product.NETWORK_API_EVENT]: 'event_time',
  [Product.REPORTS_USAGE]: 'date_received',
  [Product.CONVERSATIONS]: 'date_start',
  [Product.MEETINGS]: null,
};

/** A price that is settled; zero is one. */
const priced = { total_price: '0' };

/** Products whose rows Vonage writes when the event is over. */
const writtenWhenFinished = [
  Product.VOICE_CALL,
  Product.VOICE_FAILED,
  Product.VOICE_TTS,
  Product.IN_APP_VOICE,
  Product.WEBSOCKET_CALL,
  Product.ASR,
  Product.AMD,
  Product.NUMBER_INSIGHT,
  Product.NUMBER_INSIGHT_V2,
  Product.CONVERSATION_EVENT,
  Product.CONVERSATION_MESSAGE,
  Product.CONVERSATIONS,
];

/** States after which nothing changes, and states after which something may. */
const states: Partial<Record<Product, { readonly terminal: string[]; readonly open: string[] }>> = {
  [Product.SMS]: {
    terminal: ['delivered', 'expired', 'failed', 'rejected', 'deleted'],
    open: ['accepted', 'buffered', 'submitted', 'unknown'],
  },
  [Product.SMS_TRAFFIC_CONTROL]: { terminal: ['dequeued'], open: ['queued'] },
  [Product.VERIFY_API]: { terminal: ['SUCCESS'], open: ['IN PROGRESS'] },
  [Product.MESSAGES]: { terminal: ['read', 'rejected', 'undeliverable'], open: ['submitted', 'delivered'] },
  [Product.NETWORK_API_EVENT]: { terminal: ['SUCCESS', 'FAILED'], open: ['PENDING'] },
};
const withStates = Object.keys(states) as Product[];
const terminalStates = withStates.flatMap(
  (each) => states[each]?.terminal.map((state) => [each, state] as const) ?? [],
);
const openStates = withStates.flatMap(
  (each) => states[each]?.open.map((state) => [each, state] as const) ?? [],
);

/** Products of whose states nothing is known; MEETINGS have not even a date. */
const byAge = [Product.VERIFY_V2, Product.VIDEO_API, Product.REPORTS_USAGE];
const changing = [...withStates, ...byAge];

test('every product has a rule here', () => {
  const ruled = [...writtenWhenFinished, ...withStates, ...byAge, Product.MEETINGS];
  expect(ruled.toSorted()).toEqual(Object.values(Product).toSorted());
});

describe('a row that is written when the event is over', () => {
  test.each(writtenWhenFinished)('of %s is final at once, whatever it holds', (product) => {
    expect(isFinal(product, {})).toBe(true);
    expect(isFinal(product, { ...dated(product), status: 'in the middle of it' })).toBe(true);
  });
});

describe('a state after which nothing changes', () => {
  test.each(terminalStates)('%s %s makes a row final at once, in any case', (product, status) => {
    for (const spelling of [status, status.toUpperCase(), status.toLowerCase()]) {
      expect(isFinal(product, { ...dated(product), ...priced, status: spelling })).toBe(true);
      expect(isFinal(product, { ...dated(product), ...priced, status: ` ${spelling} ` })).toBe(true);
    }
  });

  test.each(terminalStates)('%s %s makes a row final even if no date can be read', (product, status) => {
    expect(isFinal(product, { ...priced, status })).toBe(true);
  });
});

describe('a row whose price may come later than its status', () => {
  const message = { ...dated(Product.MESSAGES), status: 'read' };

  test.each([undefined, null, '', ' '])('is open until it is 72 hours old while its price is %p', (price) => {
    const row = { ...message, provider: 'whatsapp', total_price: price };
    expect(isFinal(Product.MESSAGES, row)).toBe(false);
    expect(isFinal(Product.MESSAGES, row, 72 * hourMs - 1)).toBe(false);
    expect(isFinal(Product.MESSAGES, row, 72 * hourMs)).toBe(true);
  });

  test.each(['rcs', 'RCS', ' rcs'])('is open as long if it went over %p, whatever its price', (provider) => {
    const row = { ...message, ...priced, provider };
    expect(isFinal(Product.MESSAGES, row, 48 * hourMs)).toBe(false);
    expect(isFinal(Product.MESSAGES, row, 72 * hourMs)).toBe(true);
  });

  test('is final at once when it has a price and went over another channel', () => {
    expect(isFinal(Product.MESSAGES, { ...message, ...priced, provider: 'whatsapp' })).toBe(true);
  });

  test('does not exist for products that settle at once', () => {
    expect(isFinal(Product.SMS, { ...dated(Product.SMS), status: 'delivered' })).toBe(true);
  });
});

describe('a state after which something may change', () => {
  test.each(openStates)('%s %s leaves a row open until it is 72 hours old', (product, status) => {
    const row = { ...dated(product), status };
    expect(isFinal(product, row)).toBe(false);
    expect(isFinal(product, row, 72 * hourMs - 1)).toBe(false);
    expect(isFinal(product, row, 72 * hourMs)).toBe(true);
  });

  test.each(withStates)('an unknown state, or none, leaves a row of %s open as well', (product) => {
    const unclear = [null, '', 'teleported', 200, true, ['delivered'], { status: 'SUCCESS' }];
    for (const status of unclear) expect(isFinal(product, { ...dated(product), status })).toBe(false);
    expect(isFinal(product, dated(product))).toBe(false);
  });
});

describe('a product without a documented list of states', () => {
  test.each(byAge)('%s is final 72 hours after it happened, and not before', (product) => {
    const row = { ...dated(product), status: 'SUCCESS' };
    expect(isFinal(product, row, 72 * hourMs - 1)).toBe(false);
    expect(isFinal(product, row, 72 * hourMs)).toBe(true);
  });

  test('MEETINGS are never final, for they have no date', () => {
    expect(isFinal(Product.MEETINGS, { date_received: received, date_start: received }, 9000 * hourMs)).toBe(
      false,
    );
  });
});

describe('a row without a date that can be read', () => {
  const unreadable = [
    undefined,
    null,
    '',
    'soon',
    '2026-02-30T08:00:00Z',
    1767600000,
    { date: received },
    [received],
  ];

  test.each(changing)('of %s is never old enough', (product) => {
    for (const date of unreadable) {
      const row = { [String(dateFields[product])]: date, status: 'new' };
      expect(isFinal(product, row, 9000 * hourMs)).toBe(false);
      expect(occurredAt(row, rulesOf(product))).toBeNull();
    }
  });
});

test.each(changing)('a row of %s from the future is open', (product) => {
  expect(isFinal(product, { ...dated(product), status: 'new' }, -9000 * hourMs)).toBe(false);
});

test.each(Object.values(Product))('%s happened when the row says so', (product) => {
  const field = dateFields[product];
  const meant = field === null ? null : new Date(receivedMs);
  expect(occurredAt(dated(product), rulesOf(product))).toEqual(meant);
});

test('no row makes the check throw, and a final row stays final', () => {
  const value = fc.oneof(
    fc.constantFrom(...terminalStates.map(([, status]) => status), received, null, ''),
    fc.constant(parseRow('{"toString":1,"valueOf":1}')),
    fc.jsonValue(),
  );
  const name = fc.constantFrom(
    'status',
    'date_received',
    'date_start',
    'queued_time',
    'event_time',
    '__proto__',
  );
  const row = fc.array(fc.tuple(name, value)).map((entries) => parseRow(`{${entries.map(member).join()}}`));
  const age = fc.integer({ min: -100, max: 200 });
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(Product)), row, age, age, (product, each, one, other) => {
      const [earlier, later] = [Math.min(one, other), Math.max(one, other)];
      const [before, after] = [earlier, later].map((hours) => isFinal(product, each, hours * hourMs));
      expect([before, after]).not.toEqual([true, false]);
    }),
    { numRuns: 1000 },
  );
});

function isFinal(product: Product, row: Readonly<Record<string, unknown>>, ageMs = 0): boolean {
  return isFinalRow(row, rulesOf(product), receivedMs + ageMs);
}

function dated(product: Product): Readonly<Record<string, unknown>> {
  const field = dateFields[product];
  return field === null ? { date_received: received } : { [field]: received };
}

function member([name, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
