import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity, ObservedGateway } from './observed-gateway.js';
import { lookupDocument } from './simulator-process.js';

/** A figure of a lookup that makes a call to Vonage, and of one that the cache answers. */
export interface MissAndHit<Figure> {
  readonly miss: Figure;
  readonly hit: Figure;
}

/** Sends lookups of one id, each with an interval of its own in which nothing else is asked. */
export class SingleLookups {
  readonly #gateway: ObservedGateway;
  readonly #ids: readonly string[];
  readonly #intervalMs: number;
  #index = 0;
  #sent = 0;

  private constructor(gateway: ObservedGateway, ids: readonly string[], intervalMs: number) {
    this.#gateway = gateway;
    this.#ids = ids;
    this.#intervalMs = intervalMs;
  }

  /**
   * Lets the first id miss and hit, so that a measured lookup does nothing for the first time.
   *
   * @param intervalMs long enough for a response and for what follows it, such as a write to the cache
   */
  static async warmUp(
    gateway: ObservedGateway,
    ids: readonly string[],
    intervalMs: number,
  ): Promise<SingleLookups> {
    const lookups = new SingleLookups(gateway, ids, intervalMs);
    await lookups.miss();
    await lookups.hit();
    return lookups;
  }

  /**
   * Looks up the next id for the first time.
   *
   * @throws when there are no more ids, or when the lookup makes no call
   */
  async miss(): Promise<Activity> {
    const id = this.#ids[this.#index];
    if (id === undefined) throw new Error(`The simulator holds only ${this.#ids.length} SMS`);
    const activity = await this.#lookUp(id);
    if (activity.upstreamCalls.length === 0) throw new Error(`The first lookup of ${id} made no call`);
    this.#index += 1;
    return activity;
  }

  /**
   * Looks up the id of the last miss again.
   *
   * @throws when the lookup makes a call
   */
  async hit(): Promise<Activity> {
    const id = this.#ids[this.#index - 1] ?? '';
    const activity = await this.#lookUp(id);
    if (activity.upstreamCalls.length > 0) throw new Error(`The second lookup of ${id} made a call`);
    return activity;
  }

  /** Lets an interval pass in which nothing is asked. */
  async idle(): Promise<void> {
    await sleep(this.#intervalMs);
  }

  /** Every document has a name of its own, so that no cached response answers it. */
  async #lookUp(id: string): Promise<Activity> {
    this.#sent += 1;
    const document = lookupDocument(`Lookup${this.#sent}`, id);
    await this.#gateway.takeActivity();
    const [{ record }] = await Promise.all([this.#gateway.send(document), this.idle()]);
    if (!record) throw new Error(`The lookup of ${id} found no record`);
    return this.#gateway.takeActivity();
  }
}
