/**
 * Writes the schema to schema/schema.graphql, as clients see it, to schema/subgraph.graphql, as routers are told it, and to
 * schema/supergraph.graphql, composed with the subgraphs of examples/federation. A supergraph that would break clients of
 * the committed one is written only with --breaking; with --check nothing is written, only told what is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { composeSupergraph } from '../examples/federation/supergraph.js';
import { printSubgraph } from '../src/graphql/federation/federated-schema.js';
import { buildGatewaySchema, printGatewaySchema } from '../src/graphql/schema.js';
import { breakingChanges } from './supergraph-changes.js';

const supergraphPath = 'schema/supergraph.graphql';
const [check, breaking] = ['--check', '--breaking'].map((each) => process.argv.includes(each));

const schema = await buildGatewaySchema();
const subgraph = printSubgraph(schema);
const supergraph = composeSupergraph(subgraph);
const lost =
  breaking || !existsSync(supergraphPath)
    ? []
    : await breakingChanges(readFileSync(supergraphPath, 'utf8'), supergraph);
for (const change of lost) fail(`${supergraphPath} would break its clients: ${change}`);

emit('schema/schema.graphql', printGatewaySchema(schema));
emit('schema/subgraph.graphql', subgraph);
if (lost.length === 0) emit(supergraphPath, supergraph);

function emit(path: string, printed: string): void {
  if (!check) writeFileSync(path, printed);
  else if (readFileSync(path, 'utf8') !== printed) fail(`${path} is stale; npm run schema writes it anew.`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
