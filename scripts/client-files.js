import { buildSchema, introspectionFromSchema, isAbstractType } from 'graphql';

/**
 * Files for client tools that have no running gateway, as texts by file name: the schema, the result of the introspection
 * query, and the possible types of each interface and union.
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
  };
}

function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
