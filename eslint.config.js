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

/** Lints GraphQL files only; Biome lints the others. */
export default [
  {
    ...graphql,
    files: ['schema/schema.graphql'],
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      // Stricter than the stock set, which requires no descriptions of fields, values and arguments.
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
      // Lists by date are read forward only, because Vonage has no cursor to the page before.
      ...rule('relay-arguments', ['error', { includeBoth: false }]),
      // Lists of ids and records are no connections: `results`, `nodes` and `records` follow the requested ids.
      ...rule('relay-edge-types', ['error', { listTypeCanWrapOnlyEdgeType: false }]),
      // Lookups, lists and their parts have no identity. With an `id`, caches would merge the results of two lookups.
      ...rule('strict-id-in-types', [
        'error',
        {
          exceptions: {
            types: [
              'RecordLookup',
              'RecordResult',
              'LookupError',
              'RecordConnection',
              'RecordEdge',
              'PageInfo',
            ],
          },
        },
      ]),
    },
  },
  {
    ...graphql,
    files: operations,
    rules: configs['flat/operations-recommended'].rules,
  },
  {
    // The first comment says what the operation shows and how many calls it makes; the explorer has a tab for each.
    files: ['schema/operations/*.graphql'],
    rules: rule('require-description', ['error', { OperationDefinition: true }]),
  },
  {
    // It selects a product that Vonage has ended, because only such products have records without published fields.
    files: ['schema/operations/17-*.graphql'],
    rules: rule('no-deprecated', 'off'),
  },
];
