import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { GatewayError } from '../../errors.js';
import { causeOf, isInternalError } from '../format-error.js';
import type { StartHooks } from './operation-hooks.js';

export interface ErrorHooksOptions {
  readonly production: boolean;
  /** Gets every error that neither the client nor Vonage caused. */
  onInternalError(error: unknown, requestId: string): void;
}

/** Logs defects, and gives every error of an operation the request id of the log line. */
export function errorHooks({ production, onInternalError }: ErrorHooksOptions): StartHooks {
  return ({ contextValue }) => {
    const { requestId } = contextValue;
    return {
      didEncounterErrors({ errors }) {
        contextValue.operation.markUncacheable();
        for (const error of errors) if (isInternalError(error)) onInternalError(causeOf(error), requestId);
        if (!production || contextValue.principal.has('explain')) errors.forEach(explain);
      },
      willSendResponse({ response }) {
        if (response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        const withId = (error: GraphQLFormattedError) => ({
          ...error,
          extensions: { ...error.extensions, requestId },
        });
        if (result.errors) response.body.singleResult = { ...result, errors: result.errors.map(withId) };
      },
    };
  };
}

/** Adds Vonage's own words to an error of this operation. Its cause can be the error of other callers, too. */
function explain({ originalError, extensions }: GraphQLError): void {
  if (originalError instanceof GatewayError) Object.assign(extensions, originalError.explainedExtensions);
}
