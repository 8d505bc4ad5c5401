import {
  ApolloGateway,
  type GraphQLDataSourceProcessOptions,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { graphql } from 'graphql';
import { createRouter } from '../../examples/federation/router.js';
import { stitchGraph } from '../../examples/federation/stitching.js';
import type { SubgraphUrls } from '../../examples/federation/supergraph.js';

interface GraphAnswer {
  readonly data?: any;
  readonly errors?: readonly any[];
}

/** One of the gateways that other teams run. */
export interface GraphGateway {
  ask(query: string): Promise<GraphAnswer>;
  close(): Promise<void>;
}

interface Federation {
  readonly supergraph: string;
  readonly routerSecret: string;
  /** More headers for the records gateway. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sees what subgraphs answer. */
  onAnswer?(subgraph: string, extensions: Readonly<Record<string, unknown>>): void;
}

/** Apollo's gateway for Node, in an Apollo Server. */
export async function apolloGateway(federation: Federation): Promise<GraphGateway> {
  const gateway = new ApolloGateway({
    supergraphSdl: federation.supergraph,
    buildService: ({ url, name }) => new RouterSource(url, name, federation),
    logger: silent,
  });
  const server = new ApolloServer({ gateway, logger: silent, stopOnTerminationSignals: false });
  await server.start();
  return {
    ask: async (query) => {
      const { body } = await server.executeOperation({ query });
      if (body.kind !== 'single') throw new Error('Expected a single answer');
      return plain(body.singleResult) as GraphAnswer;
    },
    close: () => server.stop(),
  };
}

/** The router as the example has it. */
export async function hiveGateway(federation: Federation): Promise<GraphGateway> {
  const router = createRouter(federation);
  return {
    ask: async (query) => {
      const response = await router.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as GraphAnswer;
    },
    close: async () => router[Symbol.asyncDispose](),
  };
}

export async function stitchingGateway(urls: SubgraphUrls): Promise<GraphGateway> {
  const schema = await stitchGraph(urls);
  return {
    ask: async (source) => plain(await graphql({ schema, source, contextValue: {} })) as GraphAnswer,
    close: async () => {},
  };
}

class RouterSource extends RemoteGraphQLDataSource {
  readonly #name: string;
  readonly #federation: Federation;

  constructor(url: string | undefined, name: string, federation: Federation) {
    super({ ...(url && { url }) });
    this.#name = name;
    this.#federation = federation;
  }

  override willSendRequest({ request }: GraphQLDataSourceProcessOptions): void {
    if (this.#name !== 'records') return;
    const { routerSecret, headers = {} } = this.#federation;
    for (const [name, value] of Object.entries({ ...headers, 'x-router-secret': routerSecret })) {
      request.http?.headers.set(name, value);
    }
  }

  override didReceiveResponse({
    response,
  }: Parameters<NonNullable<RemoteGraphQLDataSource['didReceiveResponse']>>[0]) {
    this.#federation.onAnswer?.(this.#name, response.extensions ?? {});
    return response;
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Without prototypes and other traces of where it came from. */
function plain(answer: object): object {
  return JSON.parse(JSON.stringify(answer)) as object;
}
