interface Setting {
  readonly key: string;
  readonly fallback: (environment: Readonly<Record<string, never>>) => string | undefined;
  readonly sentence: string;
}

/** The README's table of settings. */
export function settingsTable(settings: Readonly<Record<string, Setting>>): string {
  const rows = Object.values(settings).map(
    ({ key, fallback, sentence }) => `| \`${key}\` | ${shown(fallback({}))} | ${sentence} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function shown(fallback: string | undefined): string {
  return fallback === undefined ? '' : `\`${fallback.replaceAll(',', ', ')}\``;
}
