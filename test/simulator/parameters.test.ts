import { Direction, Product } from '../../src/catalogue/product.js';
import type { Simulator } from '../../src/simulator/simulator.js';
import { ask, get, nowMs, type Parameters, startSimulator } from './ask-simulator.js';

/** What Vonage's documentation, SDKs and users say of each product's direction. */
const takesDirection: Readonly<Record<Product, 'required' | 'optional' | 'refused'>> = {
  [Product.SMS]: 'required',
  [Product.SMS_TRAFFIC_CONTROL]: 'refused',
  [Product.VOICE_CALL]: 'optional',
  [Product.VOICE_FAILED]: 'optional',
  [Product.VOICE_TTS]: 'refused',
  [Product.IN_APP_VOICE]: 'refused',
  [Product.WEBSOCKET_CALL]: 'refused',
  [Product.ASR]: 'optional',
  [Product.AMD]: 'refused',
  [Product.VERIFY_API]: 'refused',
  [Product.VERIFY_V2]: 'refused',
  [Product.NUMBER_INSIGHT]: 'refused',
  [Product.NUMBER_INSIGHT_V2]: 'refused',
  [Product.MESSAGES]: 'required',
  [Product.CONVERSATION_EVENT]: 'refused',
  [Product.CONVERSATION_MESSAGE]: 'refused',
  [Product.VIDEO_API]: 'refused',
  [Product.NETWORK_API_EVENT]: 'refused',
  [Product.REPORTS_USAGE]: 'refused',
  [Product.CONVERSATIONS]: 'refused',
  [Product.MEETINGS]: 'refused',
};
const products = Object.values(Product);
const matrix = products.flatMap((product) =>
  [null, ...Object.values(Direction)].map((each) => [product, each] as const),
);

/** Product and direction of the calls that may ask for a message's text, and for the mark of split messages. */
const textPlaces = ['SMS inbound', 'SMS outbound', 'MESSAGES inbound', 'MESSAGES outbound'];
const splitPlaces = ['SMS outbound'];

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ eventsPerType: 2, refusedProducts: [] });
});

afterAll(() => simulator.close());

describe('the direction', () => {
  test.each(matrix)('of %s, as %p, is judged as Vonage judges it', async (product, direction) => {
    const { status, body } = await ask(simulator, {
      product,
      id: 'unknown',
      ...(direction && { direction }),
    });
    const rule = takesDirection[product];
    if (direction === null && rule === 'required') {
      expect([status, body]).toEqual([422, parameterProblem('direction', 'is required')]);
    } else if (direction !== null && rule === 'refused') {
      expect([status, body]).toEqual([422, filterProblem('direction')]);
    } else {
      expect([status, body.records, body.ids_not_found]).toEqual([200, [], 'unknown']);
    }
  });

  test.each(products.filter((each) => takesDirection[each] !== 'refused'))(
    'of %s must be one of two',
    async (product) => {
      for (const direction of ['sideways', 'OUTBOUND', 'constructor']) {
        const { status, body } = await ask(simulator, { product, id: 'a', direction });
        expect([status, body]).toEqual([
          422,
          parameterProblem('direction', 'must be one of inbound, outbound'),
        ]);
      }
    },
  );

  test('that is empty counts as missing where it is required', async () => {
    const { status, body } = await ask(simulator, { product: 'SMS', id: 'a', direction: '' });
    expect([status, body]).toEqual([422, parameterProblem('direction', 'is required')]);
  });
});

describe('a message text, and the mark of split messages', () => {
  const places = matrix.filter(([product, direction]) =>
    direction === null ? takesDirection[product] !== 'required' : takesDirection[product] !== 'refused',
  );

  test.each(places)('may be asked for of %s %p only where Vonage has them', async (product, direction) => {
    const place = direction === null ? product : `${product} ${direction}`;
    const query = { product, id: 'a', ...(direction && { direction }) };
    const text = await ask(simulator, { ...query, include_message: 'true' });
    const split = await ask(simulator, { ...query, show_concatenated: 'true' });
    expect(text.status).toBe(textPlaces.includes(place) ? 200 : 422);
    expect(split.status).toBe(splitPlaces.includes(place) ? 200 : 422);
    if (text.status === 422) expect(text.body).toEqual(filterProblem('include_message'));
    if (split.status === 422) expect(split.body).toEqual(filterProblem('show_concatenated'));
  });

  test('are refused together by one problem that names both', async () => {
    const query = { product: 'ASR', id: 'a', include_message: 'true', show_concatenated: 'true' };
    const { status, body } = await ask(simulator, query);
    expect([status, body]).toEqual([422, filterProblem('include_message', 'show_concatenated')]);
  });

  test.each(['inbound', 'outbound'])(
    'the text of an %s message is there when it was asked for, and only then',
    async (direction) => {
      for (const product of [Product.SMS, Product.MESSAGES]) {
        const [id = ''] = simulator.dataset.ids(product, direction as Direction).slice(-1);
        const query = { product, direction, id };
        const [plain, asked, denied] = await Promise.all(
          [{}, { include_message: 'true' }, { include_message: 'false' }].map((each) =>
            ask(simulator, { ...query, ...each }),
          ),
        );
        expect(asked?.body.records[0]?.message_body).toMatch(/^Your order \d+ is on its way\.$/);
        expect(asked?.body.include_message).toBe(true);
        for (const each of [plain, denied]) {
          expect(each?.body.records[0]).not.toHaveProperty('message_body');
          expect(each?.body.include_message).toBe(false);
        }
      }
    },
  );

  test('the mark of split messages is there when it was asked for, and only then', async () => {
    const row = { message_id: 'SPLIT', account_id: 'abcd1234', concatenated: 'TRUE' };
    simulator.dataset.add({ product: Product.SMS, direction: Direction.OUTBOUND, row });
    const query = { product: 'SMS', direction: 'outbound', id: 'SPLIT' };
    const plain = await ask(simulator, query);
    const asked = await ask(simulator, { ...query, show_concatenated: 'true' });
    expect(plain.body.records).toEqual([{ message_id: 'SPLIT', account_id: 'abcd1234' }]);
    expect(asked.body.records).toEqual([row]);
  });
});

describe('a parameter that every call needs', () => {
  test.each([
    ['account_id', 'product=ASR&id=a'],
    ['account_id', 'account_id=&product=ASR&id=a'],
    ['product', 'account_id=abcd1234&id=a'],
    ['product', 'account_id=abcd1234&product=&id=a'],
    ['account_id', ''],
  ])('%s is missed in "%s"', async (name, search) => {
    const response = await get(simulator, search);
    expect([response.status, await response.json()]).toEqual([422, parameterProblem(name, 'is required')]);
  });

  test.each(['FAX', 'sms', 'SMS_TRAFFIC_CONTROL', '__proto__', 'constructor'])(
    '%s is no product: the answer lists those there are',
    async (product) => {
      const { status, body } = await ask(simulator, { product, id: 'a' });
      expect([status, body]).toEqual([
        422,
        parameterProblem('product', `must be one of ${products.join(', ')}`),
      ]);
    },
  );
});

test('NUMBER-INSIGHT-V2 is refused, as Vonage no longer lets it be requested', async () => {
  await using today = await startSimulator({ eventsPerType: 2 });
  const offered = products.filter((each) => each !== Product.NUMBER_INSIGHT_V2);
  const { status, body } = await ask(today, { product: Product.NUMBER_INSIGHT_V2, id: 'a' });
  expect([status, body]).toEqual([422, parameterProblem('product', `must be one of ${offered.join(', ')}`)]);
  expect((await ask(today, { product: Product.NUMBER_INSIGHT, id: 'a' })).status).toBe(200);
});

describe('the ids', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `id${index}`).join(',');

  test('may be twenty', async () => {
    const { status, body } = await ask(simulator, { product: 'ASR', id: ids(20) });
    expect([status, body.ids_not_found.split(',').length]).toEqual([200, 20]);
  });

  test('may not be twenty-one, even if some are equal', async () => {
    for (const id of [ids(21), `${ids(20)},id0`]) {
      const { status, body } = await ask(simulator, { product: 'ASR', id });
      expect([status, body]).toEqual([422, parameterProblem('id', 'must hold at most 20 ids')]);
    }
  });

  test.each(['', ',', ' , ,'])('may not be none, as in "%s"', async (id) => {
    const { status, body } = await ask(simulator, { product: 'ASR', id });
    expect([status, body]).toEqual([422, parameterProblem('id', 'must not be empty')]);
  });

  test.each<Parameters>([
    { date_start: '2026-01-05T00:00:00Z' },
    { date_end: '2026-01-06T00:00:00Z' },
    { cursor: 'YQ' },
    { status: 'delivered' },
    { date_start: '2026-01-05T00:00:00Z', date_end: '2026-01-06T00:00:00Z' },
  ])('do not go with %j, which narrow a range of dates', async (extra) => {
    const query = { product: 'SMS', direction: 'outbound', id: '15000000E1F8B123' };
    const { status, body } = await ask(simulator, { ...query, ...extra });
    expect([status, body]).toEqual([422, filterProblem(...Object.keys(extra))]);
  });
});

describe('the dates', () => {
  const query = {
    product: 'VOICE-CALL',
    date_start: '2026-01-01T00:00:00Z',
    date_end: '2026-01-07T00:00:00Z',
  };

  test.each([
    '2026-01-05T00:00:00Z',
    '2026-01-05T00:00:00.000Z',
    '2026-01-05T00:00:00+0000',
    '2026-01-05T01:00:00+01:00',
  ])('may be written as %s', async (date_start) => {
    const { status, body } = await ask(simulator, { ...query, date_start });
    expect([status, body.records.length]).toEqual([200, 2]);
  });

  test.each(['date_start', 'date_end'])('%s must be one', async (name) => {
    for (const value of ['yesterday', '', '2026-02-30T00:00:00Z', '1767600000']) {
      const { status, body } = await ask(simulator, { ...query, [name]: value });
      expect([status, body]).toEqual([
        422,
        parameterProblem(name, 'must be a date and time in ISO 8601 format'),
      ]);
    }
  });

  test('are refused if the plus sign of their zone was not encoded, as it arrives as a space', async () => {
    const response = await get(
      simulator,
      'account_id=abcd1234&product=ASR&date_start=2026-01-05T00:00:00+0000',
    );
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ invalid_parameters: [{ name: 'date_start' }] });
  });

  test('include the first moment and exclude the last', async () => {
    const [first, second] = simulator.dataset
      .list(Product.VOICE_CALL, null)
      .map((row) => String(row.date_start));
    const within = async (date_start = '', date_end = '') =>
      (await ask(simulator, { product: 'VOICE-CALL', date_start, date_end })).body.records.map(
        (row) => row.date_start,
      );
    expect(await within(first, second)).toEqual([first]);
    expect(await within(first, first)).toEqual([]);
    expect(await within(second, '2026-01-07T00:00:00Z')).toEqual([second]);
  });

  test('are the last seven days unless they are named', async () => {
    await using later = await startSimulator({
      eventsPerType: 2,
      clock: { now: () => nowMs + 7 * 86_400_000, setTimer: () => () => {} },
    });
    expect((await ask(simulator, { product: 'VOICE-CALL' })).body.items_count).toBe(2);
    expect((await ask(later, { product: 'VOICE-CALL' })).body.items_count).toBe(0);
  });
});

test('every error is a problem document and changes only the counter of rejected calls', async () => {
  await using fresh = await startSimulator({ eventsPerType: 1 });
  const answers = await Promise.all([
    ask(fresh, { product: 'FAX' }),
    ask(fresh, { product: 'SMS', id: 'a' }),
    ask(fresh, { product: 'AMD', id: 'a', direction: 'inbound' }),
  ]);
  for (const { headers } of answers)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect([fresh.log.refused, fresh.log.calls.length, fresh.log.billedRows, fresh.log.rateLimited]).toEqual([
    3, 0, 0, 0,
  ]);
});

/** A parameter that is missing, or whose value is none of those allowed: no type, no detail. */
function parameterProblem(name: string, reason: string): object {
  return { title: 'Unprocessable entity', invalid_parameters: [{ name, reason }] };
}

/** Parameters that do not go together, or not with the product: named in the detail. */
function filterProblem(...names: string[]): object {
  return {
    type: 'https://developer.nexmo.com/api-errors/reports#invalid-filter',
    title: 'Invalid filter',
    detail: expect.stringMatching(new RegExp(`: ${names.join(', ')}$`)),
    instance: expect.stringMatching(/^[0-9a-f]{32}$/),
  };
}
