import fc from 'fast-check';
import type { Campaign } from './campaign.js';
import { FuzzedGateway } from './fuzzed-gateway.js';
import { httpFaults } from './http-faults.js';
import { type HttpRequest, httpRequest } from './http-request.js';
import { exchangeRaw, firstAnswer } from './raw-exchange.js';
import { writeRequest } from './write-request.js';

interface Case {
  readonly request: HttpRequest;
  /** Whether it goes to a gateway in production, which is closer. */
  readonly production: boolean;
}

/** Any bytes to the port of a gateway. */
export const httpCampaign: Campaign<Case> = {
  name: 'http',
  async start() {
    const inDevelopment = await FuzzedGateway.start();
    const inProduction = await FuzzedGateway.start({
      config: { production: true, graphql: { routerSecret: 'fuzz-secret' } },
    });
    return {
      cases: fc.record({ request: httpRequest, production: fc.boolean() }),
      async faultsOf({ request, production }) {
        const fuzzed = production ? inProduction : inDevelopment;
        return [...(await faultsOf(request, fuzzed.gateway.url)), ...(await fuzzed.restFaults())];
      },
      async lastFaults() {
        return [...(await inDevelopment.plainFaults()), ...(await inProduction.plainFaults())];
      },
      async [Symbol.asyncDispose]() {
        await inDevelopment[Symbol.asyncDispose]();
        await inProduction[Symbol.asyncDispose]();
      },
    };
  },
};

async function faultsOf(request: HttpRequest, url: string): Promise<string[]> {
  const isWhole = request.framing === 'length' || request.framing === 'chunked';
  const { received, leftOpen } = await exchangeRaw(url, writeRequest(request), isWhole);
  const answer = firstAnswer(received);
  // To what was not sent as a whole there need be none.
  const unanswered = isWhole ? ['there was no answer'] : [];
  return [
    ...(leftOpen ? ['the connection was not ended'] : []),
    ...(answer ? httpFaults(request, answer) : unanswered),
  ];
}
