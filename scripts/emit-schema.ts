/**
 * Writes schema/schema.graphql for clients, schema/subgraph.graphql for routers, and schema/supergraph.graphql, composed with
 * the subgraphs of examples/federation. It writes a supergraph that breaks clients of the committed one only with
 * --breaking. With --check it writes nothing and lists stale files.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { composeSupergraph } from '../examples/federation/supergraph.js';
import { printSubgraph } from '../src/graphql/federated-schema.js';
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
