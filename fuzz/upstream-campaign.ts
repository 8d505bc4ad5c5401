import fc from 'fast-check';
import type { AccessScope } from '../src/access/scopes.js';
import { buildServedSchema } from '../src/bootstrap/build-schema.js';
import type { Campaign } from './campaign.js';
import { FuzzedGateway } from './fuzzed-gateway.js';
import { type GraphqlRequest, graphqlRequest } from './graphql-request.js';
import { HostileVonage } from './hostile-vonage.js';
import { HurriedClock } from './hurried-clock.js';
import { type UpstreamAnswer, upstreamAnswer } from './upstream-answer.js';
import { wholeRecordRequest } from './whole-record-request.js';

interface Case {
  /** Requests that are made at once. */
  readonly requests: readonly GraphqlRequest[];
  /** What Vonage answers, in turn. */
  readonly answers: readonly UpstreamAnswer[];
  /** What the callers may see. */
  readonly scopes: readonly AccessScope[];
  /** Milliseconds after which the first of the callers leaves; null when it stays. */
  readonly leavesAfterMs: number | null;
}

const shortIds = fc.stringMatching(/^[a-c]{1,2}$/);
const everything: readonly AccessScope[] = [
  'records:read',
  'records:content',
  'records:numbers',
  'explain',
  'introspect',
];
const hurry = 50;
/** Breakers, pauses and refused credentials are over after a minute; this is two of them. */
const recoveryMs = 120_000 / hurry;

/** Right operations to a gateway whose Vonage answers anything whatever. */
export const upstreamCampaign: Campaign<Case> = {
  name: 'upstream',
  async start() {
    const { shapes } = await buildServedSchema();
    const vonage = await HostileVonage.start(shapes);
    const config = {
      vonage: { baseUrl: vonage.url, accountId: 'abcd1234' },
      cache: { maxBytes: 4_194_304 },
    };
    const fuzzed = await FuzzedGateway.start({ config, clock: new HurriedClock(hurry) });
    let played = 0;
    return {
      cases: casesFor(fuzzed),
      async faultsOf({ requests, answers, scopes, leavesAfterMs }) {
        played += 1;
        // Another key begins anew: what this case breaks is not to be seen in the next.
        const key = { apiKey: `key${played}`, apiSecret: 'fuzz-secret' };
        fuzzed.gateway.reload({ vonage: key, auth: { anonymousScopes: scopes } });
        vonage.answerWith(answers);
        const signal = leavesAfterMs === null ? undefined : AbortSignal.timeout(leavesAfterMs);
        const faults = await Promise.all(
          requests.map((each, index) => fuzzed.faultsOf(each, index === 0 ? signal : undefined)),
        );
        vonage.answerWith([]);
        fuzzed.gateway.reload({ vonage: key, auth: { anonymousScopes: everything } });
        return [
          ...faults.flat(),
          ...(await fuzzed.restFaults()),
          ...(await lastingFaults(fuzzed)),
          ...vonage.takeFaults(),
        ];
      },
      lastFaults: () => lastingFaults(fuzzed),
      async [Symbol.asyncDispose]() {
        await fuzzed[Symbol.asyncDispose]();
        await vonage[Symbol.asyncDispose]();
      },
    };
  },
};

function casesFor({ schema }: FuzzedGateway): fc.Arbitrary<Case> {
  const request = fc.oneof(
    { weight: 3, arbitrary: wholeRecordRequest(schema) },
    { weight: 1, arbitrary: graphqlRequest({ schema, ids: shortIds, damaged: 0 }) },
  );
  return fc.record({
    requests: fc.array(request, { minLength: 1, maxLength: 3 }),
    answers: fc.array(upstreamAnswer, { minLength: 1, maxLength: 4 }),
    scopes: fc.oneof(
      { weight: 3, arbitrary: fc.constant(everything) },
      { weight: 1, arbitrary: fc.subarray([...everything]) },
    ),
    leavesAfterMs: fc.option(fc.nat(40), { freq: 10 }),
  });
}

/** Asks like anybody once Vonage is well again; says what is still wrong when everything should be over. */
async function lastingFaults(fuzzed: FuzzedGateway): Promise<string[]> {
  const untilMs = performance.now() + recoveryMs;
  for (;;) {
    const faults = await fuzzed.plainFaults();
    if (faults.length === 0 || performance.now() > untilMs) return faults;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
