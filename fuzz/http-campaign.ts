import fc from 'fast-check';
import type { Campaign } from './campaign.js';
import { checkHttpResponse } from './check-http-response.js';
import { FuzzedGateway } from './fuzzed-gateway.js';
import { type HttpRequest, httpRequest } from './http-request.js';
import { exchangeRaw, firstResponse } from './raw-exchange.js';
import { writeRequest } from './write-request.js';

interface Case {
  readonly request: HttpRequest;
  /** Whether the request goes to the gateway in production mode. */
  readonly production: boolean;
}

/** Sends arbitrary bytes to the port of a gateway. */
export const httpCampaign: Campaign<Case> = {
  name: 'http',
  async start() {
    const inDevelopment = await FuzzedGateway.start();
    const inProduction = await FuzzedGateway.start({
      config: { production: true, graphql: { routerSecret: 'fuzz-secret' } },
    });
    return {
      cases: fc.record({ request: httpRequest, production: fc.boolean() }),
      async violationsOf({ request, production }) {
        const fuzzed = production ? inProduction : inDevelopment;
        return [
          ...(await violationsOf(request, fuzzed.gateway.url)),
          ...(await fuzzed.backgroundViolations()),
        ];
      },
      async finalViolations() {
        return [...(await inDevelopment.lookupViolations()), ...(await inProduction.lookupViolations())];
      },
      async [Symbol.asyncDispose]() {
        await inDevelopment[Symbol.asyncDispose]();
        await inProduction[Symbol.asyncDispose]();
      },
    };
  },
};

async function violationsOf(request: HttpRequest, url: string): Promise<string[]> {
  const isWhole = request.framing === 'length' || request.framing === 'chunked';
  const { received, leftOpen } = await exchangeRaw(url, writeRequest(request), isWhole);
  const response = firstResponse(received);
  // An incomplete request needs no response.
  const missing = isWhole ? ['there was no response'] : [];
  return [
    ...(leftOpen ? ['the server did not close the connection'] : []),
    ...(response ? checkHttpResponse(request, response) : missing),
  ];
}
