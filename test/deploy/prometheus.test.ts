import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { findService } from '../support/services.js';
import { readDocumentedMetrics, toExposition } from './documented-metrics.js';
import {
  alertExpressions,
  dashboardExpressions,
  groupingLabelsOf,
  type Panel,
  readAlertRules,
  readPanels,
  selectorsOf,
} from './prometheus-expressions.js';

const promtool = findService('promtool');
const describeWithPromtool = promtool ? describe : describe.skip;
const run = (...args: string[]) => promisify(execFile)(promtool ?? '', args);

describeWithPromtool('Prometheus itself', () => {
  test('accepts its configuration and every alert rule', async () => {
    await run('check', 'config', '--lint=all', '--lint-fatal', 'deploy/prometheus.yml');
    await run('check', 'rules', '--lint=all', '--lint-fatal', 'deploy/alerts.rules.yml');
  });

  test('raises every alert in its test, and none for a healthy gateway', async () => {
    await run('test', 'rules', 'deploy/alerts.test.yml');
  });

  test('parses every expression of the dashboard', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    const rules = dashboardExpressions().map(({ expression }, index) => ({
      record: `panel:expression:${index}`,
      expr: expression,
    }));
    const file = join(folder, 'dashboard.rules.json');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    await run('check', 'rules', file);
    await rm(folder, { recursive: true });
  });

  test('finds nothing to correct in the names, types and labels of the documented metrics', () => {
    const input = toExposition(readDocumentedMetrics());
    const { status, stdout, stderr } = spawnSync(promtool ?? '', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('Alerts', () => {
  const rules = readAlertRules();

  test('each one has a test in which it fires and one in which it does not', () => {
    const { tests } = parse(readFileSync('deploy/alerts.test.yml', 'utf8')) as { tests: RuleTest[] };
    const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
    const named = (fires: boolean) =>
      new Set(
        cases.filter((each) => Boolean(each.exp_alerts?.length) === fires).map((each) => each.alertname),
      );
    const names = rules.map(({ alert }) => alert).sort();
    expect([...named(true)].sort()).toEqual(names);
    expect([...named(false)].sort()).toEqual(names);
  });

  test('each one has a severity, a summary and a runbook in the documentation', () => {
    const headings = [...readFileSync('docs/observability.md', 'utf8').matchAll(/^### (\w+)$/gm)].map(
      ([, heading]) => heading,
    );
    for (const { alert, labels, annotations } of rules) {
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\.$/);
      expect(annotations.runbook).toBe(`docs/observability.md#${alert.toLowerCase()}`);
      expect(headings).toContain(alert);
    }
  });

  test('the job that they select is the one that Prometheus scrapes', () => {
    const { scrape_configs } = parse(readFileSync('deploy/prometheus.yml', 'utf8')) as {
      scrape_configs: { job_name: string }[];
    };
    expect(scrape_configs.map(({ job_name }) => job_name)).toEqual(['vonage-records-gateway']);
    for (const { name, expression } of alertExpressions())
      for (const { labels } of selectorsOf(expression))
        expect([name, labels]).toEqual([name, expect.arrayContaining(['job'])]);
  });
});

describe('Expressions of alerts and dashboard', () => {
  const expressions = [...alertExpressions(), ...dashboardExpressions()];
  const metrics = new Map(readDocumentedMetrics().map((metric) => [metric.name, metric]));
  const addedByPrometheus = ['job', 'instance'];

  /** A histogram is read by its parts. */
  const find = (name: string) => metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ''));

  test.each(expressions)('$name reads documented metrics by documented labels', ({ expression }) => {
    const selectors = selectorsOf(expression);
    expect(selectors.length).toBeGreaterThan(0);
    const known = selectors.flatMap(({ metric }) => (metric === 'up' ? [] : (find(metric)?.labels ?? [])));
    for (const { metric, labels } of selectors) {
      if (metric !== 'up') expect([metric, find(metric)]).toEqual([metric, expect.anything()]);
      const allowed = [...addedByPrometheus, ...(find(metric)?.labels ?? [])];
      expect(allowed).toEqual(expect.arrayContaining([...labels]));
    }
    expect([...addedByPrometheus, 'le', ...known]).toEqual(
      expect.arrayContaining([...groupingLabelsOf(expression)]),
    );
  });

  test('the dashboard shows every documented metric', () => {
    const shown = new Set(
      dashboardExpressions().flatMap(({ expression }) =>
        selectorsOf(expression).map(({ metric }) => find(metric)?.name),
      ),
    );
    expect([...metrics.keys()].filter((name) => !shown.has(name))).toEqual(['process_max_fds']);
  });
});

describe('Dashboard', () => {
  const panels = readPanels();

  test('each panel has an id of its own, a title, and a description of what it shows', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { type, title, description } of panels) {
      expect(title).not.toBe('');
      if (type !== 'row') expect(description).toMatch(/\.$/);
    }
  });

  test('no panel covers another one or exceeds the width', () => {
    for (const panel of panels) {
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      expect(panels.filter((other) => other !== panel && overlaps(panel, other))).toEqual([]);
    }
  });
});

test('every file that compose.yaml gives to Prometheus exists', () => {
  const { services } = parse(readFileSync('deploy/compose.yaml', 'utf8')) as {
    services: { prometheus: { volumes: string[] } };
  };
  const files = services.prometheus.volumes.filter((volume) => volume.startsWith('./'));
  expect(files.length).toBe(2);
  for (const file of files) expect(existsSync(join('deploy', file.split(':')[0] ?? ''))).toBe(true);
});

interface RuleTest {
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts?: readonly unknown[];
  }[];
}

function overlaps({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
