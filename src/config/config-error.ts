/** The configuration is invalid. The message lists every error of it and quotes no secret. */
export class ConfigError extends Error {
  /** @param errors one sentence for each error, which begins with the name of the variable */
  constructor(readonly errors: readonly string[]) {
    const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
    super(`The configuration has ${count}:\n${errors.map((each) => `  - ${each}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}
