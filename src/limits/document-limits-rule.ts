import { type DocumentNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import { GatewayError } from '../errors.js';
import { excessOfDocument } from './excess-of-document.js';
import type { OperationLimits } from './operation-limits.js';

const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * Reports a document that is larger than the limits allow as QUERY_TOO_COMPLEX, and keeps it from validation, whose rules
 * may take seconds for it: a rule that replaces what is visited leaves the others nothing to visit. Apollo runs it once
 * for each document that it does not know yet.
 */
export function documentLimitsRule(limits: OperationLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      const excess = excessOfDocument(document, limits);
      if (!excess) return undefined;
      const originalError = new GatewayError('QUERY_TOO_COMPLEX', excess);
      context.reportError(new GraphQLError(excess, { originalError }));
      return nothing;
    },
  });
}
