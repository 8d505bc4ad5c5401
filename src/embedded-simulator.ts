import type { ServedSchema } from './bootstrap/build-schema.js';
import type { Config } from './config/config.js';

/** A simulator in this process, in place of Vonage. */
export interface EmbeddedSimulator {
  readonly url: string;
  /** The configuration of a gateway that asks the simulator. */
  configure(config: Config): Config;
  close(): Promise<void>;
}

/** Starts the simulator where the configuration asks for it. Its code is loaded only then. */
export async function startEmbeddedSimulator(
  { vonage: { simulator: isWanted, ratePerSecond } }: Config,
  { shapes }: ServedSchema,
): Promise<EmbeddedSimulator | undefined> {
  if (!isWanted) return undefined;
  const { Simulator, simulatorCredentials } = await import('./simulator/simulator.js');
  const simulator = await Simulator.start({ shapes, ratePerSecond });
  const { url } = simulator;
  const simulated = { ...simulatorCredentials, accountId: simulatorCredentials.apiKey, baseUrl: url };
  return {
    url,
    configure: (config) => ({ ...config, vonage: { ...config.vonage, ...simulated } }),
    close: () => simulator.close(),
  };
}
