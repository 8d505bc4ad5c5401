import { type DocumentNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import { GatewayError } from '../../errors.js';
import { fixedLimits, type OperationLimits } from '../operation-limits.js';
import { type DocumentSize, maxCount, type SelectionSize, sizeOfDocument } from './document-size.js';
import { mostRepeatedField } from './most-repeated-field.js';

/** One measured count and its limit, with the words of the error message. */
type Count = readonly [subject: string, count: number, what: string, most: number];

/**
 * An error message for the first limit that a document exceeds; undefined when it exceeds none. The document may be invalid
 * in any way, because the validation of oversized documents is what costs most.
 */
export function findExceededLimit(document: DocumentNode, limits: OperationLimits): string | undefined {
  const size = sizeOfDocument(document);
  if (size.endlessFragment !== undefined)
    return `The fragment ${size.endlessFragment} spreads itself, directly or through other fragments; no fragment may.`;
  const counts = [...size.operations.flatMap((each) => countsOf(each, limits)), ...wholeCountsOf(size)];
  const exceeded = counts.find(([_subject, count, _what, most]) => count > most);
  return exceeded ? messageFor(exceeded) : findExceededRepeats(document);
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

function findExceededRepeats(document: DocumentNode): string | undefined {
  const { name, times } = mostRepeatedField(document);
  const { maxRepeats } = fixedLimits;
  return times > maxRepeats
    ? messageFor([`The document selects ${name}`, times, 'times at one place', maxRepeats])
    : undefined;
}

function messageFor([subject, count, what, most]: Count): string {
  const number = count < maxCount ? count : `${maxCount} or more`;
  return `${subject} ${number} ${what}; at most ${most} are allowed.`;
}

const emptyDocument: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * A validation rule that reports a document beyond the limits as QUERY_TOO_COMPLEX. It then replaces the visited document
 * by an empty one, because the other rules could take seconds. Apollo runs the rule once for each new document.
 */
export function documentLimitsRule(limits: OperationLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const message = findExceededLimit(document, limits);
      if (!message) return undefined;
      const originalError = new GatewayError('QUERY_TOO_COMPLEX', message);
      context.reportError(new GraphQLError(message, { originalError }));
      return emptyDocument;
    },
  });
}
