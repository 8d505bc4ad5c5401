import graphqlEslint from '@graphql-eslint/eslint-plugin';

const { configs, parser } = graphqlEslint;
const rule = (name, setting) => ({ [`@graphql-eslint/${name}`]: setting });
const operations = ['schema/operations/*.graphql', 'examples/*.graphql'];
const graphql = {
  plugins: { '@graphql-eslint': graphqlEslint },
  languageOptions: {
    parser,
    parserOptions: { graphQLConfig: { schema: 'schema/schema.graphql', documents: operations } },
  },
};

/** GraphQL only: Biome looks after the rest. */
export default [
  {
    ...graphql,
    files: ['schema/schema.graphql'],
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      ...rule('require-description', [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          EnumValueDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
        },
      ]),
      ...rule('require-deprecation-reason', 'error'),
      // Of Relay's two contracts the schema keeps global ids. The other, connections, is for paging, and nothing is
      // paged: an answer is as long as the list of ids that asked for it.
      ...rule('relay-page-info', 'off'),
      ...rule('relay-edge-types', [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ]),
      // An answer is no object with an identity, nor is a failure.
      ...rule('strict-id-in-types', [
        'error',
        { exceptions: { types: ['RecordLookup', 'RecordResult', 'LookupError'] } },
      ]),
    },
  },
  {
    ...graphql,
    files: operations,
    rules: configs['flat/operations-recommended'].rules,
  },
  {
    // Each says in a comment on top what it shows and what it costs; the explorer opens a tab for each.
    files: ['schema/operations/*.graphql'],
    rules: rule('require-description', ['error', { OperationDefinition: true }]),
  },
  {
    // Records without published fields exist only for a product that Vonage has ended.
    files: ['schema/operations/17-*.graphql'],
    rules: rule('no-deprecated', 'off'),
  },
];
