import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, parse } from 'graphql';

/** What clients of a supergraph would lose by a change of it, a line each; none when they would lose nothing. */
export async function breakingChanges(before: string, setTimer: string): Promise<string[]> {
  const changes = await diff(clientSchema(before), clientSchema(setTimer));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

/** A supergraph as its clients see it: without what is inaccessible, and without the router's own directives. */
function clientSchema(supergraphSdl: string) {
  return buildASTSchema(transformSupergraphToPublicSchema(parse(supergraphSdl)));
}
