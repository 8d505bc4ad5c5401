/** A subgraph of the examples: Apollo Server over a federated schema, on loopback. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

export interface RunningSubgraph {
  /** Its GraphQL endpoint. */
  readonly url: string;
  /** Number of executed operations. */
  readonly requests: () => number;
  close(): Promise<void>;
}

type Resolvers = Readonly<Record<string, Readonly<Record<string, (...args: never[]) => unknown>>>>;

export async function startSubgraph(options: {
  readonly typeDefs: string;
  readonly resolvers: Resolvers;
  /** 0 selects a free port. */
  readonly port: number;
}): Promise<RunningSubgraph> {
  const { typeDefs, resolvers, port } = options;
  let requests = 0;
  const count = {
    async requestDidStart() {
      requests += 1;
    },
  };
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers: resolvers as never });
  const server = new ApolloServer({
    schema,
    plugins: [count, ApolloServerPluginInlineTraceDisabled()],
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
  return { url, requests: () => requests, close: () => server.stop() };
}
