import { GatewayError } from '../../src/errors.js';
import { Credentials } from '../../src/vonage/credentials.js';
import type { RecordsResponse } from '../../src/vonage/records-response.js';
import type { RecordsQuery } from '../../src/vonage/wire.js';
import { engineWith, smsAnswer } from '../support/engine.js';
import { Gate } from '../support/gate.js';

const outdated = new Credentials('abcd1234', 'the secret of yesterday');
const current = new Credentials('abcd1234', 'the secret of today');
const unauthorized = () => new GatewayError('UPSTREAM_UNAUTHORIZED', 'No.', { upstream: { status: 401 } });

/** An engine whose Vonage knows the current secret only. */
async function engineOf(credentials: () => Credentials) {
  const tried: Credentials[] = [];
  const answer = async (query: RecordsQuery, given: Credentials): Promise<RecordsResponse> => {
    tried.push(given);
    if (given !== current) throw unauthorized();
    return smsAnswer(query);
  };
  const subject = await engineWith(() => ({ rows: [], idsNotFound: [] }), {
    credentials,
    source: {
      recordsByIds: (query, given, listener) => {
        listener.onRequestStart();
        return answer(query, given);
      },
    },
  });
  return { ...subject, tried };
}

test('a lookup in flight during a change of the secret succeeds with the new secret', async () => {
  const gate = new Gate();
  let credentials = outdated;
  const tried: Credentials[] = [];
  const { find, clock } = await engineWith(() => ({ rows: [], idsNotFound: [] }), {
    credentials: () => credentials,
    source: {
      async recordsByIds(query, given, listener) {
        listener.onRequestStart();
        tried.push(given);
        if (given === current) return smsAnswer(query);
        await gate.opened;
        throw unauthorized();
      },
    },
  });
  const found = find('a');
  await clock.tick();
  credentials = current;
  gate.open();
  await clock.advance(2000);
  expect(await found).toHaveLength(1);
  expect(tried).toEqual([outdated, current]);
});

test('no caller sends credentials that Vonage rejected for ten seconds', async () => {
  const { find, clock, tried, engine } = await engineOf(() => outdated);
  for (const id of ['a', 'b', 'c']) {
    const failed = expect(find(id)).rejects.toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
    await clock.advance(100);
    await failed;
  }
  expect(tried).toHaveLength(1);
  await clock.advance(10_000);
  const failed = expect(find('d')).rejects.toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
  await clock.advance(100);
  await failed;
  expect(tried).toHaveLength(2);
  expect(engine.waiting).toBe(0);
});

test('a new secret is tried at once, though the old one was refused', async () => {
  let credentials = outdated;
  const { find, clock } = await engineOf(() => credentials);
  const failed = expect(find('a')).rejects.toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
  await clock.advance(100);
  await failed;
  credentials = current;
  const found = find('a');
  await clock.advance(1100);
  expect(await found).toHaveLength(1);
});

test('a token whose call was not made because of refused credentials is given back', async () => {
  const { find, clock, engine } = await engineOf(() => outdated);
  const lookups = Array.from({ length: 40 }, (_, index) =>
    expect(find(`id-${index}`)).rejects.toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' }),
  );
  await clock.advance(100);
  await Promise.all(lookups);
  expect(engine.calls).toBeLessThanOrEqual(2);
  expect(engine.pending).toBe(0);
});
