import { defineConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';

/** Composes the OpenAPI description into the supergraph that Hive Gateway serves; the upstream's address is in the environment. */
export const composeConfig = defineConfig({
  subgraphs: [
    {
      sourceHandler: loadOpenAPISubgraph('Vonage', {
        source: './openapi.json',
        endpoint: process.env.UPSTREAM_URL,
      }),
    },
  ],
});
