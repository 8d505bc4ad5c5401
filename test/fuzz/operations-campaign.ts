import fc from 'fast-check';
import { Product } from '../../src/catalogue/product.js';
import { rulesOf } from '../../src/catalogue/products.js';
import { isVonageId } from '../../src/catalogue/vonage-id.js';
import { Direction } from '../../src/catalogue/direction.js';
import { encodeGlobalId } from '../../src/records/global-id.js';
import { sampleAccountId } from '../../src/simulator/sample-rows.js';
import type { Simulator } from '../../src/simulator/simulator.js';
import type { Campaign } from './campaign.js';
import { FuzzedGateway } from './fuzzed-gateway.js';
import { type GraphqlRequest, graphqlRequest } from './graphql-request.js';
import { idText } from './id-text.js';

/** Requests that are made at once. */
type Case = readonly GraphqlRequest[];

/** Random operations, half of them damaged, to a gateway whose Vonage answers as it should. */
export const operationsCampaign: Campaign<Case> = {
  name: 'operations',
  async start() {
    const fuzzed = await FuzzedGateway.start();
    const { simulator } = fuzzed.gateway;
    const request = graphqlRequest({ schema: fuzzed.schema, ids: idText(knownIds(simulator)), damaged: 50 });
    return {
      cases: fc.array(request, { minLength: 1, maxLength: 3 }),
      async faultsOf(requests) {
        const faults = await Promise.all(requests.map((each) => fuzzed.faultsOf(each)));
        return [...faults.flat(), ...(await fuzzed.restFaults()), ...wrongCalls(simulator)];
      },
      [Symbol.asyncDispose]: () => fuzzed[Symbol.asyncDispose](),
    };
  },
};

/** Some ids of each product, and global ids of the same records. */
function knownIds({ dataset }: Simulator): string[] {
  return Object.values(Product).flatMap((product) => {
    const direction = rulesOf(product).direction === 'required' ? Direction.OUTBOUND : null;
    const ids = dataset.ids(product, direction).slice(0, 4);
    const parts = { accountId: sampleAccountId, product, direction, recordId: null };
    return [...ids, ...ids.slice(0, 2).map((uuid) => encodeGlobalId({ ...parts, uuid }))];
  });
}

function wrongCalls({ log }: Simulator): string[] {
  const wrong = log.calls.filter(({ ids }) => ids.length > 20 || !ids.every(isVonageId));
  log.clear();
  return wrong.map(({ ids }) => `a call that must not be made: ${ids.join().slice(0, 200)}`);
}
