import { type FieldNode, getNamedType } from 'graphql';
import { costPerId } from './cost-per-id.js';
import { lookUpsOf } from './lookups-of.js';
import type { Selected, SentOperation } from './operation-with-variables.js';

/** What an operation asks for, known before anything is looked up. */
export interface Demand {
  /** Ids that it looks up. */
  readonly ids: number;
  /** Records that it may be billed. */
  readonly records: number;
  /** Values that its answer may show of records: fields, but more for an object of many. */
  readonly values: number;
}

/**
 * Counts what a valid query asks for: over all its look-ups, through fragments, and past `@skip` and `@include`. Fields
 * that become one field of the answer are one look-up.
 */
export function demandOf(operation: SentOperation): Demand {
  let [ids, records, values] = [0, 0, 0];
  for (const [field, selected] of lookUpFields(operation).values())
    for (const lookUp of lookUpsOf(operation, field, selected[0].type)) {
      const each = costPerId(operation, lookUp.kinds, selected);
      ids += lookUp.ids;
      records += lookUp.ids * each.records;
      values += lookUp.ids * each.values;
    }
  return { ids, records, values };
}

type LookUpField = readonly [field: FieldNode, selected: [Selected, ...Selected[]]];

/** Outermost fields that may look records up, by their names in the answer, with all that is selected of them. */
function lookUpFields(operation: SentOperation): ReadonlyMap<string, LookUpField> {
  const found = new Map<string, LookUpField>();
  const type = operation.schema.getQueryType();
  const definitions = type?.getFields() ?? {};
  if (!type) return found;
  operation.forEachField({ type, set: operation.operation.selectionSet }, (field) => {
    const definition = definitions[field.name.value];
    if (!definition || !field.selectionSet || !field.arguments?.length) return;
    const responseName = (field.alias ?? field.name).value;
    const selected = { type: getNamedType(definition.type), set: field.selectionSet };
    const known = found.get(responseName);
    if (known) known[1].push(selected);
    else found.set(responseName, [field, [selected]]);
  });
  return found;
}
