import fc from 'fast-check';
import { canonicalId } from '../../src/catalogue/ids.js';
import { Product } from '../../src/catalogue/product.js';
import { GatewayError } from '../../src/errors.js';
import type { Records } from '../../src/retrieval/record-store.js';
import { parseRecordsResponse } from '../../src/vonage/records-response.js';
import { engineWith, operationOf } from '../support/engine.js';

type Row = Readonly<Record<string, unknown>>;

/** What is odd about one response. A response to a call for one id tells the truth, or fails. */
interface Oddity {
  readonly idsNotFound: 'text' | 'list' | 'spaced' | 'numbers' | 'other case' | 'unreadable';
  readonly status: 'SUCCESS' | 'success' | 'FAILED' | 'absent';
  /** Ids that the response does not mention, by their place. */
  readonly omitted: readonly number[];
  readonly duplicates: readonly number[];
  readonly strangers: number;
  /** Entries that are no rows. */
  readonly noRows: number;
  readonly upperCase: boolean;
  readonly numericIds: boolean;
  /** The field that carries the ids. */
  readonly field: 'call_id' | 'id' | 'uuid';
  /** Rows on the page, where it is cut. */
  readonly pageRows: number | null;
  readonly records: 'list' | 'null when empty' | 'absent when empty' | 'no list';
  /** Seed of the order of rows. */
  readonly order: number;
}

const oddity: fc.Arbitrary<Oddity> = fc.record({
  idsNotFound: fc.constantFrom('text', 'list', 'spaced', 'numbers', 'other case', 'unreadable'),
  status: fc.constantFrom('SUCCESS', 'SUCCESS', 'success', 'absent', 'FAILED'),
  omitted: fc.array(fc.nat(19), { maxLength: 3 }),
  duplicates: fc.array(fc.nat(19), { maxLength: 3 }),
  strangers: fc.nat(2),
  noRows: fc.constantFrom(0, 0, 0, 1),
  upperCase: fc.boolean(),
  numericIds: fc.boolean(),
  field: fc.constantFrom('call_id', 'call_id', 'id', 'uuid'),
  pageRows: fc.constantFrom(null, null, 1, 5),
  records: fc.constantFrom('list', 'list', 'null when empty', 'absent when empty', 'no list'),
  order: fc.nat(),
});

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => /[a-f]/.test(text));
const id = fc.oneof(
  hex(16),
  hex(32).map((text) => `${text}-1`),
  hex(12).map((text) => `vn-${text}`),
  hex(12).map((text) => `CON-${text}`),
  fc.integer({ min: 1, max: 2 ** 53 - 1 }).map(String),
);
const ids = fc.uniqueArray(fc.tuple(id, fc.nat(3)), {
  selector: ([each]) => canonicalId(each),
  minLength: 20,
  maxLength: 20,
});

/** The name of one row, whatever is done to its ids. */
const nameOf = ({ text }: Row) => String(text);

class OddVonage {
  readonly #rows: ReadonlyMap<string, readonly string[]>;
  readonly #oddities: readonly Oddity[];
  #calls = 0;
  /** Entries of `records` that were sent. */
  sent = 0;
  /** Ids of calls whose response could not be read at all, each of which may have been billed. */
  unreadable = 0;

  constructor(rows: ReadonlyMap<string, readonly string[]>, oddities: readonly Oddity[]) {
    this.#rows = rows;
    this.#oddities = oddities;
  }

  respond(asked: readonly string[]): unknown {
    const odd = this.#oddities[this.#calls % this.#oddities.length] as Oddity;
    this.#calls += 1;
    const isAlone = asked.length === 1;
    if (odd.status === 'FAILED') return { request_status: 'FAILED', records: [], items_count: 0 };
    const mentioned = asked.filter((_each, place) => isAlone || !odd.omitted.includes(place));
    const rows = mentioned.flatMap((each) => this.#rowsOf(each, odd));
    const repeated = odd.duplicates.flatMap((place) => rows[place] ?? []);
    const strangers = rows.length === 0 ? [] : Array.from({ length: odd.strangers }, stranger);
    // A page of one id that shows nothing but strangers cannot be told from rows that do not carry their id.
    const all = isAlone
      ? [...shuffled([...rows, ...repeated], odd.order), ...strangers]
      : shuffled([...rows, ...repeated, ...strangers], odd.order);
    const page = odd.pageRows === null ? all : all.slice(0, odd.pageRows);
    const isCut = page.length < all.length;
    const entries = [...page, ...Array.from({ length: odd.noRows }, () => null)];
    const missing = mentioned.filter((each) => this.#rows.get(each)?.length === 0);
    const isList = odd.records === 'list' || (entries.length > 0 && odd.records !== 'no list');
    if (isList) this.sent += entries.length;
    else if (odd.records === 'no list') this.unreadable += asked.length;
    return {
      ...(odd.status !== 'absent' && { request_status: isCut ? 'TRUNCATED' : odd.status }),
      ...(odd.status === 'absent' && isCut && { request_status: 'TRUNCATED' }),
      items_count: entries.length,
      ...(isList && { records: entries }),
      ...(odd.records === 'no list' && { records: { 0: entries } }),
      ...(odd.records === 'null when empty' && !isList && { records: null }),
      ...idsNotFound(missing, odd),
    };
  }

  #rowsOf(asked: string, { field, upperCase, numericIds }: Oddity): Row[] {
    const known = [...this.#rows].find(([each]) => canonicalId(each) === canonicalId(asked));
    const mayChangeCase = canonicalId(asked.toUpperCase()) === canonicalId(asked);
    const text = upperCase && mayChangeCase ? asked.toUpperCase() : asked;
    const value =
      numericIds && /^[1-9]\d*$/.test(asked) && Number.isSafeInteger(Number(asked)) ? Number(asked) : text;
    return (known?.[1] ?? []).map((name) => ({ [field]: value, text: name }));
  }
}

function stranger(): Row {
  return { call_id: 'of-no-one-asked', text: 'stranger' };
}

function idsNotFound(missing: readonly string[], { idsNotFound: form }: Oddity): object {
  if (form === 'unreadable') return { ids_not_found: { ids: missing } };
  if (form === 'list') return { ids_not_found: missing };
  if (form === 'numbers')
    return { ids_not_found: missing.map((each) => (/^[1-9]\d*$/.test(each) ? Number(each) : each)) };
  if (form === 'spaced') return { ids_not_found: ` ${missing.join(' ,, ')} , ` };
  const texts = form === 'text' ? missing : missing.map(inOtherCase);
  return missing.length > 0 ? { ids_not_found: texts.join(',') } : {};
}

function inOtherCase(each: string): string {
  return canonicalId(each.toUpperCase()) === canonicalId(each) ? each.toUpperCase() : each;
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const weight = (index: number) => ((index + 1) * (2 * (seed % 1_000_003) + 1)) % 1_000_003;
  return items
    .map((item, index) => ({ item, weight: weight(index) }))
    .sort((one, other) => one.weight - other.weight)
    .map(({ item }) => item);
}

test('any response gives an id its own rows, or a named failure, and the meter counts what was sent', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(ids, fc.array(oddity, { minLength: 1, maxLength: 6 }), async (all, oddities) => {
      const rows = new Map(
        all.map(
          ([each, count]) => [each, Array.from({ length: count }, (_, index) => `${each}#${index}`)] as const,
        ),
      );
      const vonage = new OddVonage(rows, oddities);
      const { find, clock, engine } = await engineWith(
        (query) => parseRecordsResponse(JSON.parse(JSON.stringify(vonage.respond(query.id.split(','))))),
        { ratePerSecond: 1000 },
      );
      const operation = operationOf(clock);
      const scope = { products: [Product.ASR], direction: null };
      const outcomes = Promise.allSettled(all.map(([each]) => find(each, scope, operation)));
      await clock.advance(25_000);
      for (const [index, outcome] of (await outcomes).entries()) {
        const own = [...(rows.get(all[index]?.[0] ?? '') ?? [])].sort();
        kinds.add(kindOf(outcome));
        if (outcome.status === 'rejected') {
          expect(outcome.reason).toBeInstanceOf(GatewayError);
          expect(outcome.reason.code).toBe('UPSTREAM_MALFORMED');
        } else {
          const shown = outcome.value.map(({ raw }) => nameOf(raw)).sort();
          if (outcome.value.isIncomplete) expect(own).toEqual(expect.arrayContaining(shown));
          else expect(shown).toEqual(own);
        }
      }
      expect(engine.recordsBilled).toBe(vonage.sent);
      expect(operation.meter.usage.recordsBilled).toBe(vonage.sent + vonage.unreadable);
    }),
    { numRuns: 300 },
  );
  expect([...kinds].sort()).toEqual(['failed', 'found', 'incomplete', 'not found']);
});

function kindOf(outcome: PromiseSettledResult<Records>): string {
  if (outcome.status === 'rejected') return 'failed';
  if (outcome.value.isIncomplete) return 'incomplete';
  return outcome.value.length > 0 ? 'found' : 'not found';
}
