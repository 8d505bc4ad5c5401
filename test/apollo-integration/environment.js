import { TestEnvironment } from 'jest-environment-node';
import { deviations } from './deviations.js';

/** Expects the tests of the named deviations to fail. One that passes is an error, and so is a name without a test. */
export default class IntegrationEnvironment extends TestEnvironment {
  handleTestEvent({ name }, { rootDescribeBlock }) {
    if (name !== 'run_start') return;
    const missing = new Set(deviations.keys());
    for (const test of testsOf(rootDescribeBlock)) {
      const known = [...missing].find((each) => nameOf(test).endsWith(each));
      if (!known) continue;
      test.failing = true;
      missing.delete(known);
    }
    if (missing.size > 0) throw new Error(`No test has the name of a deviation: ${[...missing].join(', ')}`);
  }
}

function testsOf(block) {
  return block.children.flatMap((each) => (each.type === 'describeBlock' ? testsOf(each) : [each]));
}

function nameOf({ name, parent }) {
  return parent?.parent ? `${nameOf(parent)} ${name}` : name;
}
