import { buildSchema, introspectionFromSchema, isAbstractType } from 'graphql';

/**
 * What the tools of a client read instead of asking a running gateway, as texts by file name: the schema, the result of
 * the introspection query, and the types behind each interface and union.
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
