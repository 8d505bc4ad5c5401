import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, parse } from 'graphql';

/** The changes of a supergraph that break its clients, one line each. */
export async function breakingChanges(before: string, after: string): Promise<string[]> {
  const changes = await diff(clientSchema(before), clientSchema(after));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

/** The client schema of a supergraph: without inaccessible elements and the router's directives. */
function clientSchema(supergraphSdl: string) {
  return buildASTSchema(transformSupergraphToPublicSchema(parse(supergraphSdl)));
}
