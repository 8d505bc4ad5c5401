import type { Setting, SettingGroup } from '../src/config/setting.js';
import { settingGroups } from '../src/config/settings.js';
import { fixedValues } from '../src/config/variable-names.js';

type GroupName = keyof typeof settingGroups;

/** Heading and introduction of each group, in the order of the page. */
const sections: Readonly<Record<GroupName, readonly [heading: string, introduction: string]>> = {
  general: ['General', 'These settings concern the process as a whole.'],
  vonage: ['Vonage', 'These settings say which keys the gateway uses and how it calls Vonage.'],
  http: ['HTTP server', 'These settings say where the gateway listens and what it accepts from clients.'],
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

/** The page of every setting, by group. */
export function configurationPage(): string {
  const groups = (Object.keys(sections) as GroupName[]).map((name) => section(name));
  return `${[introduction, ...groups, fixedSection()].join('\n\n')}\n`;
}

const introduction = `# Configuration

\`npm run docs\` writes this page from the code.

Environment variables configure the gateway. It checks all of them at start, lists every error at once, and exits with status 1 if there is one. An empty variable counts as not set.

- **Secrets in files.** A secret \`NAME\` can also come from the file that \`NAME_FILE\` names. A file holds at most 1 MiB.
- **Reloading.** The gateway reloads the files that the variables name when they change, and on the signal \`SIGHUP\`. It takes over keys, secrets, tokens and trusted documents without losing a request. Other settings need a restart.
- **The file \`.env\`.** In development the gateway reads variables from the file \`.env\` in the working directory, if it exists. Variables of the environment win over the file. With \`NODE_ENV\` set to \`test\` or \`production\` it ignores the file, and the file must not set \`NODE_ENV\`.
- **Names.** The gateway does not start with a variable of an earlier version; the error names the new variable or the constant. The same holds for a name that differs from a setting's name by one or two letters, if it begins like \`VONAGE_\`, \`CACHE_\`, \`MAX_\` or \`AUTH_\`.`;

function section(name: GroupName): string {
  const [heading, text] = sections[name];
  return `## ${heading}\n\n${text}\n\n${settingsTable(settingGroups[name])}`;
}

function settingsTable(group: SettingGroup): string {
  const rows = Object.values(group).map(
    (each) => `| \`${each.key}\` | ${shownDefault(each)} | ${meaning(each)} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function shownDefault({ fallback }: Setting<unknown>): string {
  const text = fallback({});
  return text === undefined ? 'none' : `\`${text.replaceAll(',', ', ')}\``;
}

function meaning({ key, source, schema, sentence }: Setting<unknown>): string {
  const file = source === 'secret' ? [`The file that \`${key}_FILE\` names can hold it instead.`] : [];
  return [sentence, ...(schema.description ? [`Allowed: ${schema.description}.`] : []), ...file].join(' ');
}

function fixedSection(): string {
  const rows = fixedValues.map(({ key, value, sentence }) => `| ${sentence} | ${value} | \`${key}\` |`);
  return `## Fixed values

No variable sets these values. An earlier version had a setting for each; the gateway does not start while one of them is set.

${['| meaning | value | former variable |', '| --- | --- | --- |', ...rows].join('\n')}`;
}
