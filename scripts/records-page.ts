import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
} from 'graphql';
import { rulesOf } from '../src/catalogue/products.js';
import { type RecordTypeEntry, recordShape, recordTypes } from '../src/records/record-types.js';

/** Enums that every type has; their values are in the schema. */
const common = new Set(['VonageProduct', 'TrafficDirection']);

/** docs/records.md: every record type, field, type and wire name of the schema. */
export function recordsPage(schema: GraphQLSchema): string {
  const sections = recordTypes.map((entry) =>
    section(entry, schema.getType(entry.recordClass.name) as GraphQLObjectType),
  );
  return `# Record types

Generated from the schema. Every field but those of \`VonageRecord\` may be null: Vonage leaves out what it does not have as null, as an empty text or as an absent key. A value that cannot be read is null too; \`raw\` keeps it. Closed lists hold \`UNRECOGNIZED\` for a value that Vonage added later.

Field names and meanings come from Vonage's API reference and its official SDKs; \`schema/vonage/products.json\` names the sources of each product. "Wire" is the name in Vonage's JSON; a field without one is derived, and an edge leads to other records.

${contents()}

${sections.join('\n')}`;
}

function contents(): string {
  return recordTypes.map(({ recordClass: { name } }) => `- [${name}](#${name.toLowerCase()})`).join('\n');
}

function section({ product, direction }: RecordTypeEntry, type: GraphQLObjectType): string {
  const rules = rulesOf(product);
  const wireOf = new Map(recordShape(type).fields.map((field) => [field.name, field.wire]));
  const rows = Object.values(type.getFields()).map((field) => row(field, wireOf.get(field.name)));
  return `## ${type.name}

${type.description} Product \`${product}\`${direction ? `, ${direction}` : ''}. Found by \`${rules.idFields.join('`, `')}\`. ${finality(product)}

| field | type | wire | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function row(field: GraphQLField<unknown, unknown>, wire: readonly string[] | undefined): string {
  const named = getNamedType(field.type);
  const values =
    isEnumType(named) && !common.has(named.name)
      ? ` Values: ${named
          .getValues()
          .map((each) => each.name)
          .join(', ')}.`
      : '';
  const deprecated = field.deprecationReason ? ` Deprecated: ${field.deprecationReason}` : '';
  const names = wire === undefined ? 'edge' : wire.map((each) => `\`${each}\``).join(', ');
  return `| \`${field.name}\` | \`${field.type}\` | ${names} | ${field.description}${values}${deprecated} |`;
}

function finality(product: RecordTypeEntry['product']): string {
  const rule = rulesOf(product).finality;
  if (rule.kind === 'written-when-finished') return 'Rows are final as soon as they are written.';
  if (rule.kind === 'by-age') return 'Rows are final after 72 hours.';
  return `Rows are final when \`${rule.statusField}\` is ${[...rule.terminal].join(', ')}, or after 72 hours.`;
}
