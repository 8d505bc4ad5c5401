import { Direction, Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import type { WireRow } from '../../src/records/base.js';
import { unconvertible } from '../../src/records/decode.js';
import { type RecordShape, recordTypeOf } from '../../src/records/record-types.js';
import { Dataset } from '../../src/simulator/dataset.js';
import { sampleAccountId, sampleRows } from '../../src/simulator/sample-rows.js';
import { shapes } from '../records/record-shapes.js';

const { INBOUND, OUTBOUND } = Direction;
const { AMD, REPORTS_USAGE } = Product;
const products = Object.values(Product);

/** Every product with each direction of its rows. */
const places = products.flatMap((product): (readonly [Product, Direction | null])[] =>
  product === Product.SMS || product === Product.MESSAGES
    ? [
        [product, OUTBOUND],
        [product, INBOUND],
      ]
    : [[product, null]],
);
const dataset = new Dataset({ shapes });
const madeUp = (product: Product, direction: Direction | null = null) =>
  dataset.list(product, direction).filter((row) => !sampleRows.some((sample) => sample.row === row));

describe('the rows', () => {
  test('are the same in every instance', () => {
    const other = new Dataset({ shapes });
    for (const [product, direction] of places) {
      expect(other.list(product, direction)).toEqual(dataset.list(product, direction));
    }
  });

  test('stay the same when there are more of them', () => {
    const larger = new Dataset({ shapes, eventsPerType: 70 });
    const [few, many] = [dataset, larger].map((each) => each.list(Product.MESSAGES, INBOUND));
    expect(many?.length).toBe(70);
    expect(many?.slice(0, 60)).toEqual(few);
  });

  test.each(places)('of %s %p exist, and belong to the account of the samples', (product, direction) => {
    const rows = madeUp(product, direction);
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.account_id))).toEqual(new Set([sampleAccountId]));
  });

  test.each(places)(
    'of %s %p can be read without a loss: every value is of its type',
    (product, direction) => {
      const faults = dataset
        .list(product, direction)
        .flatMap((row) => unconvertible(row, shapeOf(product, direction)));
      expect(faults).toEqual([]);
    },
  );

  test.each(places)('of %s %p hold no key that Vonage does not have', (product, direction) => {
    const { fields } = shapeOf(product, direction);
    const known = new Set(['account_id', 'direction', ...fields.flatMap((field) => field.wire)]);
    const keys = new Set(dataset.list(product, direction).flatMap((row) => Object.keys(row)));
    expect([...keys].filter((key) => !known.has(key))).toEqual([]);
  });

  test.each(places)('of %s %p show every field of their type in one row or another', (product, direction) => {
    const { fields } = shapeOf(product, direction);
    const rows = dataset.list(product, direction);
    const seen = (name: string) => rows.some((row) => row[name] !== undefined && row[name] !== '');
    const wireNames = fields.flatMap((field) => field.wire.slice(0, 1));
    expect(wireNames.filter((name) => !seen(name))).toEqual([]);
  });

  test('hold texts, but for the flags, numbers and objects that Vonage documents', () => {
    const others = [AMD, REPORTS_USAGE].flatMap((product) =>
      madeUp(product).flatMap((row) =>
        Object.entries(row).flatMap(([name, value]) =>
          typeof value === 'string' ? [] : [`${product} ${name} ${typeof value}`],
        ),
      ),
    );
    expect([...new Set(others)].toSorted()).toEqual([
      'AMD amd_beep_detection_result boolean',
      'AMD amd_result_sent boolean',
      'AMD amd_user_defined_beep_timeout number',
      'REPORTS-USAGE items_written number',
      'REPORTS-USAGE price number',
      'REPORTS-USAGE request_params object',
      'REPORTS-USAGE total_price number',
    ]);
    const textual = Object.values(Product).filter((each) => each !== AMD && each !== REPORTS_USAGE);
    const values = textual.flatMap((product) => madeUp(product)).flatMap((row) => Object.values(row));
    expect(values.filter((value) => typeof value !== 'string')).toEqual([]);
  });

  test('print maps in half of the rows that name other ids, and JSON in the others', () => {
    const written = madeUp(Product.CONVERSATION_MESSAGE).map((row) => String(row.other_ids));
    expect(written.some((each) => /^\{ticket=\d+, conversationEventId=5\}$/.test(each))).toBe(true);
    expect(written.some((each) => each.startsWith('{"ticket"'))).toBe(true);
  });

  test('name the call in which each text was spoken, two texts in some calls', () => {
    const calls = new Set(madeUp(Product.VOICE_CALL).map((row) => row.call_id));
    const spoken = madeUp(Product.VOICE_TTS).map((row) => row.call_id);
    expect(spoken.every((each) => calls.has(each))).toBe(true);
    expect(spoken).toHaveLength(2 * new Set(spoken).size);
  });

  test('leave values out in both ways: as an empty text, and with their key', () => {
    const outbound = madeUp(Product.SMS, OUTBOUND);
    expect(outbound.filter((row) => row.client_ref === '').length).toBeGreaterThan(0);
    expect(outbound.filter((row) => !('client_ref' in row)).length).toBeGreaterThan(0);
    expect(outbound.filter((row) => row.currency === '').length).toBeGreaterThan(0);
    expect(outbound.filter((row) => row.currency === 'EUR').length).toBeGreaterThan(0);
  });

  test('write prices with eight decimals and flags in capitals', () => {
    for (const { total_price: price } of madeUp(Product.VOICE_CALL))
      expect(price ?? '0.00000000').toMatch(/^\d+\.\d{8}$/);
    const flags = new Set(madeUp(Product.VERIFY_V2).map((row) => row.if_fraud_check));
    expect([...flags].filter((flag) => flag !== undefined).toSorted()).toEqual(['FALSE', 'TRUE']);
  });

  test.each([
    [Product.SMS, 'date_received', 'date_finalized'],
    [Product.VOICE_CALL, 'date_start', 'date_end'],
    [Product.AMD, 'start_time', 'end_time'],
    [Product.VERIFY_API, 'first_event_date', 'last_event_date'],
    [Product.REPORTS_USAGE, 'date_started', 'date_finished'],
    [Product.NETWORK_API_EVENT, 'event_time', 'record_creation_time'],
  ])('of %s never end before they begin: %s, then %s', (product, start, end) => {
    const rows = madeUp(product, product === Product.SMS ? OUTBOUND : null);
    const spans = rows.map((row) => [String(row[start]), String(row[end])] as const);
    expect(spans.filter(([from, to]) => !(from < to))).toEqual([]);
  });

  test.each(places)('of %s %p have lookup ids, and no two events share one', (product, direction) => {
    const ids = dataset.ids(product, direction);
    expect(ids.filter((id) => !/^[A-Za-z0-9._:-]{1,128}$/.test(id) || id === 'undefined')).toEqual([]);
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
  });

  test.each(places)('of %s %p all have the id that they are looked up by', (product, direction) => {
    const [field = ''] = rulesOf(product).idFields;
    expect(madeUp(product, direction).filter((row) => !row[field])).toEqual([]);
  });

  test.each(places)('of %s %p are found by every id they have', (product, direction) => {
    const lost = dataset.list(product, direction).filter((row) => {
      const ids = rulesOf(product).idFields.map((field) => row[field]);
      const present = ids.filter((id) => typeof id === 'string' && id !== '');
      return !present.every((id) => dataset.find(product, direction, String(id)).includes(row));
    });
    expect(lost).toEqual([]);
  });

  test('have ids in the forms that Vonage uses', () => {
    expect(madeUp(Product.SMS, OUTBOUND)[0]?.message_id).toMatch(/^[0-9A-F]{16}$/);
    expect(madeUp(Product.VOICE_CALL)[0]?.call_id).toMatch(/^[0-9a-f]{32}-1$/);
    expect(madeUp(Product.CONVERSATION_EVENT)[0]?.conversation_id).toMatch(/^CON-[0-9a-f-]{36}$/);
    expect(madeUp(Product.MESSAGES, INBOUND)[0]?.message_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('tell rows of one event apart by their own id', () => {
    for (const product of products) {
      const own = madeUp(product).map((row) => row.id);
      expect(new Set(own).size).toBe(own.length);
    }
  });
});

describe('a call', () => {
  const [call] = madeUp(Product.VOICE_CALL);
  const id = String(call?.call_id);

  test('has its two recognitions, its detection and its WebSocket under its own id', () => {
    expect(dataset.find(Product.VOICE_CALL, null, id)).toEqual([call]);
    expect(dataset.find(Product.ASR, null, id)).toHaveLength(2);
    expect(dataset.find(Product.AMD, null, id)).toHaveLength(1);
    expect(dataset.find(Product.WEBSOCKET_CALL, null, id)).toHaveLength(1);
    for (const product of [Product.ASR, Product.AMD, Product.WEBSOCKET_CALL]) {
      expect(dataset.find(product, null, id).every((row) => row.call_id === id)).toBe(true);
    }
  });

  test('has no event that belongs to no call', () => {
    for (const product of [Product.ASR, Product.AMD, Product.WEBSOCKET_CALL]) {
      const orphans = madeUp(product).filter(
        (row) => dataset.find(Product.VOICE_CALL, null, String(row.call_id)).length !== 1,
      );
      expect(orphans).toEqual([]);
    }
  });

  test('goes the way of its recognitions, and is found under that way only', () => {
    const directions = new Set(madeUp(Product.VOICE_CALL).map((row) => row.direction));
    expect(directions).toEqual(new Set(['inbound', 'outbound']));
    expect(call?.direction).toBe('outbound');
    expect(dataset.find(Product.ASR, OUTBOUND, id)).toHaveLength(2);
    expect(dataset.find(Product.VOICE_CALL, OUTBOUND, id)).toHaveLength(1);
    expect(dataset.find(Product.VOICE_CALL, INBOUND, id)).toEqual([]);
  });

  test('may have no event at all', () => {
    const idle = String(madeUp(Product.VOICE_CALL)[1]?.call_id);
    const events = [Product.ASR, Product.AMD, Product.WEBSOCKET_CALL].flatMap((each) =>
      dataset.find(each, null, idle),
    );
    expect(events).toEqual([]);
  });

  test('that failed is no call that connected', () => {
    const failed = madeUp(Product.VOICE_FAILED).map((row) => String(row.call_id));
    expect(failed.flatMap((each) => dataset.find(Product.VOICE_CALL, null, each))).toEqual([]);
  });
});

test('an SMS that was throttled went into the queue and out of it', () => {
  const throttled = dataset.ids(Product.SMS_TRAFFIC_CONTROL);
  expect(throttled.length).toBeGreaterThan(0);
  for (const id of throttled) {
    const passages = dataset.find(Product.SMS_TRAFFIC_CONTROL, null, id).map((row) => row.status);
    expect(passages).toEqual(['queued', 'dequeued']);
    expect(dataset.find(Product.SMS, OUTBOUND, id)).toHaveLength(1);
  }
});

test('a verification has its channel events, and each of them its verification', () => {
  const rows = madeUp(Product.VERIFY_V2);
  const parents = rows.filter((row) => row.parent_request_id === '');
  expect(new Set(parents.map((row) => row.channel))).toEqual(new Set(['v2']));
  for (const parent of parents) {
    const found = dataset.find(Product.VERIFY_V2, null, String(parent.request_id));
    expect(found.map((row) => row.channel)).toEqual(['v2', 'email', 'silent_auth']);
    expect(found.slice(1).every((row) => row.parent_request_id === parent.request_id)).toBe(true);
  }
  expect(rows).toHaveLength(parents.length * 3);
});

test('a conversation has the events, messages and calls that name it', () => {
  const named = [Product.CONVERSATION_EVENT, Product.CONVERSATION_MESSAGE, Product.IN_APP_VOICE].map(
    (each) => madeUp(each)[0]?.conversation_id,
  );
  expect(new Set(named).size).toBe(1);
});

describe('the size', () => {
  test('is sixty events of each type, unless it is set', () => {
    expect(madeUp(Product.VOICE_CALL)).toHaveLength(60);
    expect(new Dataset({ shapes, eventsPerType: 3 }).list(Product.VOICE_CALL, null)).toHaveLength(3);
  });

  test('may differ for one product', () => {
    const mixed = new Dataset({ shapes, eventsPerType: 0, eventsOf: { [Product.MESSAGES]: 2 } });
    const sizes = places.map(([product, direction]) => mixed.list(product, direction).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(sampleRows.length + 2 * 2);
  });
});

describe('a row that is added', () => {
  const row: WireRow = { account_id: sampleAccountId, call_id: 'aaaa-1', id: 'own', direction: 'inbound' };

  test('is found by each of its ids, and listed', () => {
    const own = new Dataset({ shapes, eventsPerType: 0 });
    own.add({ product: Product.VOICE_CALL, direction: INBOUND, row });
    for (const id of ['aaaa-1', 'own']) expect(own.find(Product.VOICE_CALL, INBOUND, id)).toEqual([row]);
    expect(own.find(Product.VOICE_CALL, OUTBOUND, 'own')).toEqual([]);
    expect(own.find(Product.VOICE_FAILED, INBOUND, 'own')).toEqual([]);
    expect(own.list(Product.VOICE_CALL, null)).toEqual([row]);
    expect(own.ids(Product.VOICE_CALL)).toEqual(['aaaa-1']);
  });

  test('replaces none', () => {
    const own = new Dataset({ shapes, eventsPerType: 0 });
    const second = { ...row, id: 'second' };
    for (const each of [row, second]) own.add({ product: Product.VOICE_CALL, direction: INBOUND, row: each });
    expect(own.find(Product.VOICE_CALL, null, 'aaaa-1')).toEqual([row, second]);
    expect(own.ids(Product.VOICE_CALL)).toEqual(['aaaa-1']);
  });

  test('without the id that is looked up by has no lookup id', () => {
    const own = new Dataset({ shapes, eventsPerType: 0 });
    own.add({ product: Product.VOICE_CALL, direction: null, row: { id: 'own' } });
    expect(own.ids(Product.VOICE_CALL)).toEqual([]);
    expect(own.find(Product.VOICE_CALL, null, 'own')).toHaveLength(1);
  });
});

test('a removed row is missing under every id and in the list, and the other rows remain', () => {
  const own = new Dataset({ shapes, eventsPerType: 3 });
  const [first, ...others] = own.list(Product.VOICE_CALL, null);
  own.remove(Product.VOICE_CALL, String(first?.call_id).toUpperCase());
  for (const id of [first?.call_id, first?.id])
    expect(own.find(Product.VOICE_CALL, null, String(id))).toEqual([]);
  expect(own.list(Product.VOICE_CALL, null)).toEqual(others);
  expect(own.find(Product.VOICE_CALL, null, String(others[0]?.call_id))).toEqual([others[0]]);
  expect(own.find(Product.ASR, null, String(first?.call_id))).toHaveLength(2);
  own.remove(Product.VOICE_CALL, 'never there');
  expect(own.list(Product.VOICE_CALL, null)).toEqual(others);
});

function shapeOf(product: Product, direction: Direction | null): RecordShape {
  const shape = shapes.get(recordTypeOf(product, direction)?.recordClass.name ?? '');
  if (!shape) throw new Error(`Expected a record type for ${product} ${direction}`);
  return shape;
}
