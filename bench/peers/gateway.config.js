import { defineConfig } from '@graphql-hive/gateway';

/** As a quick service: nothing logged, no page to look at, documents parsed and validated once (its default). */
export const gatewayConfig = defineConfig({
  logging: false,
  graphiql: false,
  landingPage: false,
});
