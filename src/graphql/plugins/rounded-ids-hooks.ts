import {
  type ASTVisitor,
  GraphQLError,
  GraphQLID,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  type ValidationContext,
} from 'graphql';
import type { StartHooks } from './operation-hooks.js';

/**
 * Writes ids that arrived as numbers beyond 2^53 in a form that no id has, so that each is refused at its own place. JSON
 * has rounded them, and GraphQL would take the rounded number for another id.
 */
export function roundedIdsHooks(): StartHooks {
  return () => ({
    didResolveOperation({ schema, operation, request }) {
      for (const { variable, type } of operation?.variableDefinitions ?? []) {
        const [name, variables] = [variable.name.value, request.variables ?? {}];
        const inputType = typeFromAST(schema, type) as GraphQLInputType | undefined;
        const value = inputType && withoutRoundedIds(variables[name], inputType);
        if (value !== variables[name]) request.variables = { ...variables, [name]: value };
      }
    },
  });
}

/** The value itself, unless it holds a rounded id. */
function withoutRoundedIds(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return withoutRoundedIds(value, type.ofType);
  if (isListType(type) && Array.isArray(value)) {
    const items = value.map((item) => withoutRoundedIds(item, type.ofType));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (isListType(type)) return withoutRoundedIds(value, type.ofType);
  if (type === GraphQLID) return isRounded(value) ? value.toExponential() : value;
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, each]): [string, unknown] => {
    const field = type.getFields()[name];
    return [name, field ? withoutRoundedIds(each, field.type) : each];
  });
  return Object.fromEntries(fields);
}

function isRounded(value: unknown): value is number {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Refuses numbers beyond 2^53 in documents. They are not rounded here, but clients and routers on the way can round them. */
export function roundedIdsRule(context: ValidationContext): ASTVisitor {
  return {
    IntValue(node) {
      if (!isRounded(Number(node.value))) return;
      const message = `The number ${node.value} is beyond 2^53, so programs on the way can round it; send ids as text.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}
