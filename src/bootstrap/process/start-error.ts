/** The gateway cannot start, for a reason outside its code. The message is for the operator and needs no stack. */
export class StartError extends Error {}

/** An address to listen on, and the settings that name it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Variable of the host. */
  readonly hostSetting: string;
  /** Variable of the port. */
  readonly portSetting: string;
}

/** Resolves with what `listen` does. Rejects with a StartError that tells in words why the address cannot be used. */
export async function explainListenError<Result>(
  address: ListenAddress,
  listen: () => Promise<Result>,
): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const explain = explanations[code];
    if (!explain) throw error;
    throw new StartError(`${explain(address)} (${code}).`, { cause: error });
  }
}

const unknownHost = ({ host, hostSetting }: ListenAddress) =>
  `${hostSetting} must be an address of this machine or a name of one, got ${JSON.stringify(host)}: no address is known for this name`;

const foreignAddress = ({ host, hostSetting }: ListenAddress) =>
  `${hostSetting} must be an address of this machine, got ${JSON.stringify(host)}: no network interface has it. 0.0.0.0 stands for all of them`;

const explanations: Readonly<Record<string, (address: ListenAddress) => string>> = {
  EADDRINUSE: ({ host, port, portSetting }) =>
    `${portSetting} must be a free port, got ${port}: another process, perhaps another gateway, listens on ${host}:${port}`,
  EACCES: ({ port, portSetting }) =>
    `${portSetting} must be a port that this user may open, got ${port}: most systems keep ports below 1024 for root`,
  EADDRNOTAVAIL: foreignAddress,
  EAFNOSUPPORT: foreignAddress,
  EINVAL: foreignAddress,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
};
