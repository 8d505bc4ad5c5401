import type { Clock } from '../../clock.js';
import { RedisBudget } from './distributed-rate-limiter.js';
import type { Budget } from './rate-limiter.js';
import { SlidingWindowBudget } from './sliding-window-rate-limiter.js';

export interface BudgetOptions {
  /** Whose budget it is; replicas that give the same name share it. */
  readonly name: string;
  /** Where replicas share it; each has its own without it. */
  readonly redisUrl: string | undefined;
  /** Calls that may begin in any sliding second. */
  readonly ratePerSecond: number;
  /** Milliseconds by which calls may arrive closer together than they left. */
  readonly arrivalJitterMs: number;
  readonly clock: Clock;
}

/** A budget that ends with what it is for. */
export interface RunningBudget {
  readonly budget: Budget;
  close(): Promise<void>;
}

/** The budget of one API key, of this process alone or shared by all replicas. */
export function createBudget({ name, redisUrl, ...rate }: BudgetOptions): RunningBudget {
  if (redisUrl === undefined)
    return { budget: new SlidingWindowBudget(rate), close: () => Promise.resolve() };
  const budget = new RedisBudget({ ...rate, redis: redisUrl, key: `budget:${name}` });
  return { budget, close: () => budget.close() };
}
