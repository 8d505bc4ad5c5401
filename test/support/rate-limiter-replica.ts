/**
 * A replica as a process of its own: makes calls as fast as the rate limiter allows and tells each change of the mode, until
 * the process that started it ends or sends a message.
 */
import { Agent, get, type IncomingMessage } from 'node:http';
import { monotonicClock } from '../../src/clock.js';
import { DistributedRateLimiter } from '../../src/traffic/rate-limit/distributed-rate-limiter.js';
import { type Backlog, machineTimeMs, type ReplicaMessage } from './replica-group.js';

const { callUrl, callers, ...options } = JSON.parse(process.argv[2] ?? '') as Backlog;
const agent = new Agent({ keepAlive: true });
const rateLimiter = new DistributedRateLimiter({
  ...options,
  key: () => 'rate',
  clock: monotonicClock,
  onModeChange: (mode) => process.send?.({ mode } satisfies ReplicaMessage),
});

function call(): void {
  const startedAtMs = machineTimeMs();
  const { responded } = rateLimiter.started();
  const onResponse = (response: IncomingMessage) => {
    responded();
    response.resume();
  };
  get(`${callUrl}/${startedAtMs}`, { agent }, onResponse).on('error', () => {});
  void rateLimiter.acquire().then(call);
}

async function stop(): Promise<void> {
  await rateLimiter.close();
  process.exit();
}

process.on('message', stop);
process.on('disconnect', stop);
for (let caller = 0; caller < callers; caller += 1) void rateLimiter.acquire().then(call);
