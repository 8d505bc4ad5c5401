import { type DocumentNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import { GatewayError } from '../../errors.js';
import { fixedLimits, type OperationLimits } from '../operation-limits.js';
import { type DocumentSize, type SelectionSize, sizeOfDocument, uncounted } from './document-size.js';
import { mostRepeatedField } from './most-repeated-field.js';

/** What is counted, what it counts, and how much of it is allowed. */
type Count = readonly [subject: string, count: number, what: string, most: number];

/**
 * Says which limit a document exceeds, and by how much; undefined when it exceeds none. The document may be invalid in any
 * way, since to find out whether it is costs most for documents that are too large.
 */
export function findExceededLimit(document: DocumentNode, limits: OperationLimits): string | undefined {
  const size = sizeOfDocument(document);
  if (size.endlessFragment !== undefined) return `The fragment ${size.endlessFragment} spreads itself.`;
  const counts = [...size.operations.flatMap((each) => countsOf(each, limits)), ...wholeCountsOf(size)];
  const excess = counts.find(([_subject, count, _what, most]) => count > most);
  return excess ? sentence(excess) : excessOfRepeats(document);
}

function countsOf(size: SelectionSize, limits: OperationLimits): Count[] {
  return [
    ['The operation holds', size.aliases, 'aliases', limits.maxAliases],
    ['The longest alias has', size.aliasLength, 'characters', fixedLimits.maxAliasLength],
    ['The operation holds', size.directives, 'directives', fixedLimits.maxDirectives],
    ['The operation selects', size.fields, 'root fields', fixedLimits.maxRootFields],
    ['The operation is', size.depth, 'fields deep', limits.maxDepth],
    ['The introspection is', size.introspectionDepth, 'fields deep', fixedLimits.maxIntrospectionDepth],
  ];
}

function wholeCountsOf(size: DocumentSize): Count[] {
  return [
    ['The document defines', size.definitions, 'operations and fragments', fixedLimits.maxDefinitions],
    ['The document selects', size.selections, 'fields and fragments', fixedLimits.maxSelections],
  ];
}

function excessOfRepeats(document: DocumentNode): string | undefined {
  const { name, times } = mostRepeatedField(document);
  const { maxRepeats } = fixedLimits;
  return times > maxRepeats
    ? sentence([`The document selects ${name}`, times, 'times at one place', maxRepeats])
    : undefined;
}

function sentence([subject, count, what, most]: Count): string {
  const number = count < uncounted ? count : `${uncounted} or more`;
  return `${subject} ${number} ${what}; at most ${most} are allowed.`;
}

const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * Reports a document that is larger than the limits allow as QUERY_TOO_COMPLEX, and keeps it from validation, whose rules
 * may take seconds for it: a rule that replaces what is visited leaves the others nothing to visit. Apollo runs it once
 * for each document that it does not know yet.
 */
export function documentLimitsRule(limits: OperationLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const excess = findExceededLimit(document, limits);
      if (!excess) return undefined;
      const originalError = new GatewayError('QUERY_TOO_COMPLEX', excess);
      context.reportError(new GraphQLError(excess, { originalError }));
      return nothing;
    },
  });
}
