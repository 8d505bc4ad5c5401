import type { Setting, SettingGroup } from '../src/config/setting.js';
import { settingGroups } from '../src/config/settings.js';
import { fixedValues } from '../src/config/variable-names.js';

type GroupName = keyof typeof settingGroups;

/** Heading and introduction of each group, in the order of the page. */
const sections: Readonly<Record<GroupName, readonly [heading: string, introduction: string]>> = {
  general: ['Process', 'These settings concern the process as a whole.'],
  vonage: ['Vonage', 'These settings say which keys the gateway uses and how it calls Vonage.'],
  http: ['HTTP server', 'These settings say where the gateway listens and what it accepts from clients.'],
  admin: [
    'Admin port',
    'These settings say where the gateway serves metrics and health ([observability.md](observability.md)).',
  ],
  auth: [
    'Authentication and caller limits',
    'These settings say how callers authenticate and how much each of them may look up.',
  ],
  limits: [
    'Operation limits',
    'The gateway refuses an operation beyond a limit as a whole, before it looks anything up.',
  ],
  cache: ['Cache', 'The gateway caches records in memory, and in Redis if `REDIS_URL` is set.'],
  redis: [
    'Redis and replicas',
    'Several replicas of the gateway share their state through one Redis server.',
  ],
  graphql: [
    'Documents, federation and status codes',
    'These settings say which documents run, who may use the subgraph, and which status codes clients get.',
  ],
};

/** The page with its generated parts as the settings are now: the tables of settings and of fixed limits. */
export function configurationPage(page: string): string {
  const settings = (Object.keys(sections) as GroupName[]).map(section).join('\n\n');
  return withPart(withPart(page, 'settings', settings), 'fixed-limits', fixedLimitsTable());
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. Throws if the page lacks these marks. */
function withPart(page: string, name: string, text: string): string {
  const marked = new RegExp(`(<!-- ${name} -->\\n).*?(\\n<!-- /${name} -->)`, 's');
  if (!marked.test(page)) throw new Error(`The page must hold <!-- ${name} --> and <!-- /${name} -->.`);
  return page.replace(marked, (_whole, start, end) => `${start}${text}${end}`);
}

function section(name: GroupName): string {
  const [heading, text] = sections[name];
  return `### ${heading}\n\n${text}\n\n${settingsTable(settingGroups[name])}`;
}

function settingsTable(group: SettingGroup): string {
  const rows = Object.values(group).map(
    (each) => `| \`${each.key}\` | ${shownDefault(each)} | ${meaning(each)} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function shownDefault({ fallback }: Setting<unknown>): string {
  const text = fallback({});
  return text === undefined ? '' : `\`${text.replaceAll(',', ', ')}\``;
}

function meaning({ key, source, schema, sentence }: Setting<unknown>): string {
  const file = source === 'secret' ? [`Better: \`${key}_FILE\` names a file that holds it.`] : [];
  return [sentence, ...(schema.description ? [`Allowed: ${schema.description}.`] : []), ...file].join(' ');
}

function fixedLimitsTable(): string {
  const rows = fixedValues.map(({ key, value, sentence }) => `| ${sentence} | ${value} | \`${key}\` |`);
  return ['| meaning | value | former variable |', '| --- | --- | --- |', ...rows].join('\n');
}
