import { buildSchema, introspectionFromSchema, isAbstractType } from 'graphql';

/** TypeScript types of the scalars whose type a tool cannot know, as JSON carries them. */
const scalars = {
  DateTime: 'string',
  Decimal: 'string',
  ID: 'string',
  JSONObject: 'Record<string, unknown>',
};

/**
 * Files for client tools that have no running gateway, as texts by file name: the schema, the result of the introspection
 * query, the possible types of each interface and union, and the types of the scalars.
 */
export function clientFiles(sdl) {
  const schema = buildSchema(sdl);
  const possibleTypes = Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(isAbstractType)
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  );
  return {
    'schema.graphql': sdl,
    'introspection.json': json(introspectionFromSchema(schema)),
    'possible-types.json': json(possibleTypes),
    'scalars.json': json(scalars),
    'scalars.d.ts': `export interface Scalars {\n${members(scalars)}\n}\n`,
  };
}

function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function members(types) {
  return Object.entries(types)
    .map(([name, type]) => `  ${name}: ${type};`)
    .join('\n');
}
