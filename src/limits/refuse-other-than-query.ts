import { type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { GatewayError } from '../errors.js';

/** GraphQL validates no fields of a root type that the schema lacks: throws BAD_USER_INPUT for anything but a query. */
export function refuseOtherThanQuery({ operation }: OperationDefinitionNode): void {
  if (operation === OperationTypeNode.QUERY) return;
  throw new GatewayError('BAD_USER_INPUT', `A ${operation} is not taken here; the schema has queries only.`);
}
