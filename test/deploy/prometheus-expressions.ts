import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** An expression in PromQL, and the alert or panel that evaluates it. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** One rule of deploy/alerts.rules.yml. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One panel of deploy/grafana-dashboard.json; a row has no targets. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

/** A part of an expression that reads time series: the metric and the labels that it is selected by. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

export function readAlertRules(): readonly AlertRule[] {
  const { groups } = parse(readFileSync('deploy/alerts.rules.yml', 'utf8')) as {
    groups: { rules: AlertRule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

export function readPanels(): readonly Panel[] {
  return (JSON.parse(readFileSync('deploy/grafana-dashboard.json', 'utf8')) as { panels: Panel[] }).panels;
}

export function alertExpressions(): readonly NamedExpression[] {
  return readAlertRules().map(({ alert, expr }) => ({ name: alert, expression: expr }));
}

/** As Prometheus receives them, with all replicas selected: Grafana replaces its variables before it sends a query. */
export function dashboardExpressions(): readonly NamedExpression[] {
  return readPanels().flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ name: title, expression: withoutVariables(expr) })),
  );
}

export function selectorsOf(expression: string): readonly Selector[] {
  return [...expression.matchAll(/([a-z_]\w*)\{([^}]*)\}/g)].map(([, metric = '', matchers = '']) => ({
    metric,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  }));
}

/** Labels that an expression groups or joins by. */
export function groupingLabelsOf(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g)].flatMap(([, labels = '']) =>
    labels
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
  );
}

function withoutVariables(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
}
