import { Child } from './child.js';

/** Requests of one kind and their results. */
export interface ProbeTally {
  readonly requested: number;
  readonly responded: number;
  readonly latenciesMs: number[];
  /** Reasons of the requests without a good response. */
  readonly errors: readonly string[];
}

/** Results since the previous report. */
export interface ProbeReport {
  readonly livez: ProbeTally;
  readonly readyz: ProbeTally;
  readonly lookups: ProbeTally;
}

export interface LatencyProbeOptions {
  /** Address of the gateway. */
  readonly url: string;
  /** Interval between two requests of one kind. A lookup starts this long after the previous response. */
  readonly everyMs: number;
  /** Bodies of GraphQL requests, posted one after another. */
  readonly lookups: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Probes a gateway from a separate process, so that the load does not delay its measurements. */
export class LatencyProbe implements AsyncDisposable {
  readonly #process: Child;

  private constructor(process: Child) {
    this.#process = process;
  }

  static async start(options: LatencyProbeOptions): Promise<LatencyProbe> {
    const args = [JSON.stringify(options)];
    return new LatencyProbe(await Child.start({ file: 'bench/servers/latency-probe.js', args }));
  }

  async report(): Promise<ProbeReport> {
    return (await (await fetch(this.#process.url)).json()) as ProbeReport;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
