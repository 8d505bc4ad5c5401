import fc from 'fast-check';
import type { AccessScope } from '../src/access/principal.js';
import { buildServedSchema } from '../src/bootstrap/build-schema.js';
import { AcceleratedClock } from './accelerated-clock.js';
import type { Campaign } from './campaign.js';
import { FuzzedGateway } from './fuzzed-gateway.js';
import { type GraphqlRequest, graphqlRequest } from './graphql-request.js';
import { HostileVonage } from './hostile-vonage.js';
import { type UpstreamResponse, upstreamResponse } from './upstream-response.js';
import { wholeRecordRequest } from './whole-record-request.js';

interface Case {
  /** Requests that the case sends concurrently. */
  readonly requests: readonly GraphqlRequest[];
  /** Responses of Vonage, used cyclically. */
  readonly responses: readonly UpstreamResponse[];
  /** Scopes of the callers. */
  readonly scopes: readonly AccessScope[];
  /** Time after which the first client disconnects, or null if it stays. */
  readonly disconnectAfterMs: number | null;
}

const shortIds = fc.stringMatching(/^[a-c]{1,2}$/);
const everything: readonly AccessScope[] = [
  'records:read',
  'records:content',
  'records:numbers',
  'explain',
  'introspect',
];
const clockFactor = 50;
/** Circuit breakers, pauses and rejected credentials recover within a minute. This allows two minutes. */
const recoveryMs = 120_000 / clockFactor;

/** Sends valid operations to a gateway whose Vonage responds with arbitrary bytes. */
export const upstreamCampaign: Campaign<Case> = {
  name: 'upstream',
  async start() {
    const { shapes } = await buildServedSchema();
    const vonage = await HostileVonage.start(shapes);
    const config = {
      vonage: { baseUrl: vonage.url, accountId: 'abcd1234' },
      cache: { maxBytes: 4_194_304 },
    };
    const fuzzed = await FuzzedGateway.start({ config, clock: new AcceleratedClock(clockFactor) });
    let caseCount = 0;
    return {
      cases: casesFor(fuzzed),
      async violationsOf({ requests, responses, scopes, disconnectAfterMs }) {
        caseCount += 1;
        // A new key gets a new engine, so that a case does not affect the next one.
        const key = { apiKey: `key${caseCount}`, apiSecret: 'fuzz-secret' };
        fuzzed.gateway.reload({ vonage: key, auth: { anonymousScopes: scopes } });
        vonage.respondWith(responses);
        const signal = disconnectAfterMs === null ? undefined : AbortSignal.timeout(disconnectAfterMs);
        const violations = await Promise.all(
          requests.map((each, index) => fuzzed.violationsOf(each, index === 0 ? signal : undefined)),
        );
        vonage.respondWith([]);
        fuzzed.gateway.reload({ vonage: key, auth: { anonymousScopes: everything } });
        return [
          ...violations.flat(),
          ...(await fuzzed.backgroundViolations()),
          ...(await lastingViolations(fuzzed)),
          ...vonage.takeViolations(),
        ];
      },
      finalViolations: () => lastingViolations(fuzzed),
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
    responses: fc.array(upstreamResponse, { minLength: 1, maxLength: 4 }),
    scopes: fc.oneof(
      { weight: 3, arbitrary: fc.constant(everything) },
      { weight: 1, arbitrary: fc.subarray([...everything]) },
    ),
    disconnectAfterMs: fc.option(fc.nat(40), { freq: 10 }),
  });
}

/** Returns the violations that persist after Vonage responds normally again and the recovery time has passed. */
async function lastingViolations(fuzzed: FuzzedGateway): Promise<string[]> {
  const untilMs = performance.now() + recoveryMs;
  for (;;) {
    const violations = await fuzzed.lookupViolations();
    if (violations.length === 0 || performance.now() > untilMs) return violations;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
