import { type FieldNode, getNamedType } from 'graphql';
import { costPerId } from './cost-per-id.js';
import { lookupsOf } from './lookups-of.js';
import type { OperationWithVariables, Selected } from './operation-with-variables.js';

/** What an operation asks for, known before anything is looked up. */
export interface OperationCost {
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
export function estimateCost(operation: OperationWithVariables): OperationCost {
  let [ids, records, values] = [0, 0, 0];
  for (const [field, selected] of lookupFields(operation).values())
    for (const lookup of lookupsOf(operation, field, selected[0].type)) {
      const each = costPerId(operation, lookup.kinds, selected);
      ids += lookup.ids;
      records += lookup.ids * each.records;
      values += lookup.ids * each.values;
    }
  return { ids, records, values };
}

type LookupField = readonly [field: FieldNode, selected: [Selected, ...Selected[]]];

/** Outermost fields that may look records up, by their names in the answer, with all that is selected of them. */
function lookupFields(operation: OperationWithVariables): ReadonlyMap<string, LookupField> {
  const found = new Map<string, LookupField>();
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
