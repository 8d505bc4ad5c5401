/**
 * Fails when a production dependency has a known vulnerability of high or critical severity, and when the package registry
 * does not answer the question. `--allow-unanswered` passes the latter, for a machine whose registry answers no audits.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { 'allow-unanswered': { type: 'boolean' } } });
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = parse(stdout);
const counts = report?.metadata?.vulnerabilities;
if (counts) {
  const grave = counts.high + counts.critical;
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  if (grave > 0) process.stdout.write(`${Object.keys(report.vulnerabilities).join(', ')}\n`);
  process.exitCode = grave > 0 ? 1 : 0;
} else {
  process.stdout.write(
    `NOT AUDITED: the package registry in use does not answer audits (${reasonIn(report)}).\n`,
  );
  if (!values['allow-unanswered']) {
    process.stdout.write('Use a registry that does, or pass --allow-unanswered and audit elsewhere.\n');
    process.exitCode = 1;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonIn(answer) {
  return answer?.error?.code ?? answer?.statusCode ?? 'no answer';
}
