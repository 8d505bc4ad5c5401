import type { ApolloServer, HTTPGraphQLResponse } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import { type ApolloOptions, createApolloServer } from './apollo.js';
import { DirectExecution } from './direct-execution.js';
import { errorFormatter, formatResolverError } from './format-error.js';
import { type GraphqlHttpRequest, toApolloRequest } from './graphql-over-http.js';
import type { OperationContext } from './operation-context.js';
import { gatewayHooks } from './plugins/gateway-hooks.js';

/** Runs the operations of HTTP requests: the plain ones directly, all others in Apollo Server. */
export class GraphqlServer {
  readonly #apollo: ApolloServer<OperationContext>;
  readonly #direct: DirectExecution;

  private constructor(apollo: ApolloServer<OperationContext>, direct: DirectExecution) {
    this.#apollo = apollo;
    this.#direct = direct;
  }

  static async start(options: ApolloOptions): Promise<GraphqlServer> {
    const hooks = gatewayHooks(options);
    const apollo = createApolloServer(options, hooks);
    await apollo.start();
    const format = errorFormatter(options.production);
    const formatError = (error: GraphQLError) => formatResolverError(error, format);
    return new GraphqlServer(apollo, new DirectExecution({ ...options, hooks, formatError }));
  }

  /** The response to a request; an error of any kind is a response, too. */
  async run(request: GraphqlHttpRequest, context: OperationContext): Promise<HTTPGraphQLResponse> {
    const direct = await this.#direct.run(request, context);
    if (direct) return direct;
    const response = await this.#apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      context: async () => context,
    });
    this.#direct.learn(request, response);
    return response;
  }

  stop(): Promise<void> {
    return this.#apollo.stop();
  }
}
