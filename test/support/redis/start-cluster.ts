import { TestRedis } from '../start-redis.js';
import { until } from '../until.js';
import { documentedRights } from './documented-rights.js';
import { freePorts } from './free-port.js';

const slots = 16_384;

/** Three nodes of one cluster on the loopback address, each a process with a third of the slots. */
export class TestRedisCluster {
  readonly nodes: readonly TestRedis[];
  /** Names the first two nodes, which know the third, and a user with the rights of a gateway and no others. */
  readonly url: string;

  private constructor(nodes: readonly TestRedis[], ports: readonly number[]) {
    this.nodes = nodes;
    this.url = `redis://gateway:p%40ss@127.0.0.1:${ports[0]},127.0.0.1:${ports[1]}`;
  }

  static async start(program: string): Promise<TestRedisCluster> {
    const ports = await freePorts(6);
    const addresses = [0, 1, 2].map((index) => [ports[index] ?? 0, ports[index + 3] ?? 0] as const);
    const nodes = await Promise.all(
      addresses.map(([port, busPort]) => TestRedis.start(program, ...nodeSettings(port, busPort))),
    );
    await Promise.all(nodes.map(takeSlots));
    const [first] = nodes;
    for (const [port, busPort] of addresses.slice(1))
      await first?.client.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
    await Promise.all(nodes.map((node) => until(() => isComplete(node))));
    await Promise.all(nodes.map(addUser));
    return new TestRedisCluster(nodes, ports);
  }

  /** Names of keys, by node. */
  namesByNode(pattern: string): Promise<string[][]> {
    return Promise.all(this.nodes.map((node) => node.client.keys(pattern)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
  }
}

function nodeSettings(port: number, busPort: number): string[] {
  return [
    ...['--bind', '127.0.0.1', '--port', `${port}`, '--cluster-enabled', 'yes'],
    ...['--cluster-port', `${busPort}`, '--cluster-node-timeout', '1000'],
  ];
}

async function takeSlots(node: TestRedis, index: number): Promise<void> {
  const first = Math.ceil((index * slots) / 3);
  const last = Math.ceil(((index + 1) * slots) / 3) - 1;
  await node.client.call('CLUSTER', 'ADDSLOTSRANGE', first, last);
}

/** The user of a gateway; a node that restarts has forgotten it. */
export async function addUser(node: TestRedis): Promise<void> {
  const rights = documentedRights({ inCluster: true });
  await node.client.call('ACL', 'SETUSER', 'gateway', 'on', '>p@ss', ...rights);
}

/** Whether a node knows all nodes, and that all slots are served. */
async function isComplete(node: TestRedis): Promise<boolean> {
  const info = String(await node.client.call('CLUSTER', 'INFO'));
  return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
}
