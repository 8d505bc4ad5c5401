interface Setting {
  readonly key: string;
  readonly fallback: string | undefined;
  readonly sentence: string;
}

/** The README's table of settings. */
export function settingsTable(settings: Readonly<Record<string, Setting>>): string {
  const rows = Object.values(settings).map(
    ({ key, fallback, sentence }) =>
      `| \`${key}\` | ${fallback === undefined ? '' : `\`${fallback.replaceAll(',', ', ')}\``} | ${sentence} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
