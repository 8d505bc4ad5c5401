import { GatewayError } from '../errors.js';
import { isIntrospection } from './is-introspection.js';
import type { SentOperation } from './sent-operation.js';

/** The schema is told only to those who may see it: throws BAD_USER_INPUT for an operation that asks for it. */
export function refuseIntrospection(sent: SentOperation): void {
  const type = sent.schema.getQueryType();
  if (!type) return;
  sent.forEachField({ type, set: sent.operation.selectionSet }, (field) => {
    if (!isIntrospection(field)) return;
    const message = `${field.name.value} is not answered: introspection is off for this caller.`;
    throw new GatewayError('BAD_USER_INPUT', message);
  });
}
