import fc from 'fast-check';
import { isVonageId } from '../src/catalogue/ids.js';
import { Product } from '../src/catalogue/product.js';
import type { Simulator } from '../src/simulator/simulator.js';
import type { ConfigChanges } from '../test/support/change-config.js';
import { authorizationOf, tokensFor } from '../test/support/tokens.js';
import type { Campaign } from './campaign.js';
import { FuzzedGateway } from './fuzzed-gateway.js';
import { type GraphqlRequest, graphqlRequest } from './graphql-request.js';
import { idText, knownIds } from './id-text.js';

interface Case {
  /** Requests that the case sends concurrently. */
  readonly requests: readonly GraphqlRequest[];
  /** Number of repetitions. The cache can serve the later ones. */
  readonly times: number;
  /** Index of the gateway that receives the requests. */
  readonly gateway: number;
}

const narrow = tokensFor({
  fuzzer: {
    scopes: ['records:read', 'explain'],
    products: [Product.SMS, Product.VOICE_CALL, Product.ASR],
    idsPerSecond: 100,
  },
});

/** Configurations of the gateways. */
const configs: readonly ConfigChanges[] = [
  {},
  { cache: { maxBytes: 4_194_304 } },
  { production: true, graphql: { routerSecret: 'fuzz-secret' } },
  { graphql: { legacyStatusCodes: true, apqMaxBytes: 0 } },
  { production: true, ...narrow },
];

/** Sends random operations, half of them damaged, to gateways whose Vonage responds correctly. */
export const operationsCampaign: Campaign<Case> = {
  name: 'operations',
  async start() {
    const gateways = await Promise.all(configs.map((config) => FuzzedGateway.start({ config })));
    const [{ schema, gateway }] = gateways as [FuzzedGateway];
    const ids = idText(knownIds(gateway.simulator));
    const request = graphqlRequest({ schema, ids, damaged: 50, authentication: authorizationOf('fuzzer') });
    return {
      cases: fc.record({
        requests: fc.array(request, { minLength: 1, maxLength: 3 }),
        times: fc.constantFrom(1, 1, 3),
        gateway: fc.nat(configs.length - 1),
      }),
      violationsOf: ({ requests, times, gateway }) =>
        runRequests(gateways[gateway] as FuzzedGateway, requests, times),
      async finalViolations() {
        // The token bucket of the caller with a limit needs time to refill.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const violations = await Promise.all(
          gateways.map((each) => each.lookupViolations(authorizationOf('fuzzer'))),
        );
        return violations.flat();
      },
      async [Symbol.asyncDispose]() {
        for (const each of gateways) await each[Symbol.asyncDispose]();
      },
    };
  },
};

async function runRequests(
  fuzzed: FuzzedGateway,
  requests: readonly GraphqlRequest[],
  times: number,
): Promise<string[]> {
  const violations: string[] = [];
  for (let time = 0; time < times; time += 1)
    violations.push(...(await Promise.all(requests.map((each) => fuzzed.violationsOf(each)))).flat());
  return [
    ...violations,
    ...(await fuzzed.backgroundViolations()),
    ...forbiddenCalls(fuzzed.gateway.simulator),
  ];
}

/** Some ids of each product, and global ids of the same records. */
function forbiddenCalls({ log }: Simulator): string[] {
  const forbidden = log.calls.filter(({ ids }) => ids.length > 20 || !ids.every(isVonageId));
  log.clear();
  return forbidden.map(({ ids }) => `a forbidden call: ${ids.join().slice(0, 200)}`);
}
