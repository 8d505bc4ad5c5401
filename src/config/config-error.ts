/** The configuration is invalid. The message lists every fault of it and quotes no secret. */
export class ConfigError extends Error {
  /** @param faults one sentence for each fault, which begins with the name of the variable */
  constructor(readonly faults: readonly string[]) {
    const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
    super(`The configuration has ${count}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}
