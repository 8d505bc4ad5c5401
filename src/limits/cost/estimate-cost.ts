import { type FieldNode, getNamedType } from 'graphql';
import { costPerId } from './cost-per-id.js';
import { lookupsOf } from './lookups-of.js';
import type { OperationWithVariables, Selected } from './operation-with-variables.js';

/** What an operation may cost, known before any lookup. */
export interface OperationCost {
  /** Ids that it asks for. A list counts as one id for each 20 records. */
  readonly ids: number;
  /** Records that it may show, or be billed for by id. */
  readonly records: number;
  /** Values of records that the response may show: one for a field, more for a JSON object. */
  readonly values: number;
}

/**
 * Estimates the cost of a valid query: over all its lookups, through fragments, without what `@skip` and `@include` leave
 * out. Fields that become one field of the response are one lookup.
 */
export function estimateCost(operation: OperationWithVariables): OperationCost {
  let [ids, records, values] = [0, 0, 0];
  for (const [field, selected] of lookupFields(operation).values())
    for (const lookup of lookupsOf(operation, field, selected[0].type)) {
      const each = costPerId(operation, lookup.kinds, selected);
      ids += lookup.ids;
      records += lookup.count * each.records;
      values += lookup.count * each.values;
    }
  return { ids, records, values };
}

type LookupField = readonly [field: FieldNode, selected: [Selected, ...Selected[]]];

/** The root fields that may look records up, by their names in the response, with everything selected on them. */
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
