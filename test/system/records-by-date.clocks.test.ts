import { Direction, Product } from '../../src/catalogue/product.js';
import { type Clock, monotonicClock } from '../../src/clock.js';
import { Simulator } from '../../src/simulator/simulator.js';
import { shapes } from '../records/record-shapes.js';
import { type GraphqlAnswer, startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { reply, startUpstream } from '../vonage/upstream.js';

const minuteMs = 60_000;
const day = '2026-02-03';
/** Noon of the day after the rows by the clock of Vonage. */
const vonageMs = Date.UTC(2026, 1, 4, 12);

const list = `query List($since: DateTime = "2026-02-03T00:00:00Z", $until: DateTime, $first: Int = 20, $after: String) {
  recordsByDate(product: SMS, direction: OUTBOUND, since: $since, until: $until, first: $first, after: $after) {
    nodes { vonageId } pageInfo { hasNextPage endCursor }
  }
}`;

/** A clock that stands at a moment when the test begins, and goes on from there. */
function clockAt(ms: number): Clock {
  const offsetMs = ms - monotonicClock.now();
  return { ...monotonicClock, now: () => monotonicClock.now() + offsetMs };
}

let vonage: Simulator;
beforeAll(async () => {
  vonage = await Simulator.start({
    ...{ shapes, eventsPerType: 0, ratePerSecond: 1000 },
    clock: clockAt(vonageMs),
  });
  vonage.dataset.addDay({ product: Product.SMS, direction: Direction.OUTBOUND, day, count: 60 });
});
beforeEach(() => {
  vonage.log.clear();
  vonage.faults.clear();
  vonage.faults.dateQuirks.refusesFutureEnd = true;
});
afterAll(() => vonage.close());

/** A gateway whose clock runs ahead of Vonage's. */
function startAhead(aheadMs: number, baseUrl = vonage.url): Promise<TestGateway> {
  return startTestGateway({ clock: clockAt(vonageMs + aheadMs), config: { vonage: { baseUrl } } });
}

/** The end of each window that Vonage answered, in milliseconds before its own noon. */
const endsBeforeNoonMs = () =>
  vonage.log.calls.map(({ parameters }) => vonageMs - Date.parse(parameters.date_end ?? ''));

async function ids(gateway: TestGateway, variables: object = {}): Promise<string[]> {
  const { data, errors }: GraphqlAnswer = await gateway.ask(list, variables);
  expect(errors).toEqual([]);
  return data.recordsByDate.nodes.map(({ vonageId }: { vonageId: string }) => vonageId);
}

test('the newest end is the whole minute a minute ago, and a later one is refused with the rule', async () => {
  await using gateway = await startAhead(0);
  expect(await ids(gateway)).toHaveLength(20);
  // Equal lists within a minute share a page.
  expect(await ids(gateway)).toHaveLength(20);
  expect(endsBeforeNoonMs()).toEqual([minuteMs]);
  const until = new Date(vonageMs - 30_000).toISOString();
  const { errors } = await gateway.ask(list, { until });
  expect(errors).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(/^until must be at least a minute ago, which is 2026-02-04T11:59:/),
      extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
    }),
  ]);
  expect(vonage.log.calls).toHaveLength(1);
});

describe("where the gateway's clock runs ahead of Vonage's", () => {
  test('the Date header of one refusal corrects it, and the rest of the page costs nothing', async () => {
    await using gateway = await startAhead(10 * minuteMs);
    const seen = new Set<string>();
    let after: string | null = null;
    for (let part = 0; part < 3; part += 1) {
      const { data, errors }: GraphqlAnswer = await gateway.ask(list, { after });
      expect(errors).toEqual([]);
      for (const { vonageId } of data.recordsByDate.nodes) seen.add(vonageId);
      after = data.recordsByDate.pageInfo.endCursor;
    }
    expect([seen.size, vonage.log.refused, vonage.log.calls.length, vonage.log.billedRows]).toEqual([
      60, 1, 1, 60,
    ]);
    const [endMs = 0] = endsBeforeNoonMs();
    // The Date header has whole seconds.
    expect(endMs).toBeGreaterThan(minuteMs - 30_000);
    expect(endMs).toBeLessThanOrEqual(minuteMs + 1000);
    // Later lists go by what was learnt.
    expect(await ids(gateway, { since: '2026-02-03T00:00:01Z' })).toHaveLength(20);
    expect([vonage.log.refused, vonage.log.calls.length]).toEqual([1, 2]);
  });

  test('by less than five minutes, a refusal without Date header is corrected by five minutes', async () => {
    vonage.faults.dateQuirks.omitsDateHeader = true;
    await using gateway = await startAhead(4 * minuteMs);
    expect(await ids(gateway)).toHaveLength(20);
    expect([vonage.log.refused, vonage.log.calls.length]).toEqual([1, 1]);
  });

  test('by more, a refusal without Date header is the error of the list after one further call', async () => {
    vonage.faults.dateQuirks.omitsDateHeader = true;
    await using gateway = await startAhead(20 * minuteMs);
    const { errors } = await gateway.ask(list);
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_REJECTED', upstream: { status: 422 } });
    expect([vonage.log.refused, vonage.log.calls.length]).toEqual([2, 0]);
  });
});

test('a refusal is corrected once, and only where it is about a date', async () => {
  let name = 'date_end';
  const date = new Date(vonageMs - 3_600_000).toUTCString();
  await using vonageThatRefuses = await startUpstream((response, request) =>
    reply(
      422,
      { title: 'Unprocessable', invalid_parameters: [{ name, reason: 'wrong' }] },
      { date },
    )(response, request),
  );
  await using gateway = await startAhead(0, vonageThatRefuses.url);
  const askedEnds = () => vonageThatRefuses.requests.map(({ parameters }) => parameters.get('date_end'));
  expect((await gateway.ask(list)).errors[0]?.extensions.code).toBe('UPSTREAM_REJECTED');
  expect(askedEnds()).toEqual(['2026-02-04T11:59:00+00:00', '2026-02-04T10:59:00+00:00']);
  name = 'country';
  expect((await gateway.ask(list)).errors[0]?.extensions.code).toBe('UPSTREAM_REJECTED');
  expect(askedEnds()).toHaveLength(3);
});
