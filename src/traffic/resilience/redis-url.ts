/** A user of the ACL. Without a name it is the default user. */
interface RedisUser {
  readonly username?: string;
  readonly password?: string;
}

interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** One server, as ioredis reads a URL or the path of a socket. */
interface SingleRedis {
  readonly kind: 'server';
  readonly url: string;
}

/** Sentinels, which name the present master. */
export interface SentinelRedis {
  readonly kind: 'sentinel';
  readonly sentinels: readonly RedisHost[];
  readonly masterName: string;
  readonly database: number;
  readonly isEncrypted: boolean;
  /** The user at the master. */
  readonly user: RedisUser;
  /** The user at the sentinels. */
  readonly sentinelUser: RedisUser;
}

/** Some nodes of a cluster, which name the others. */
export interface ClusterRedis {
  readonly kind: 'cluster';
  readonly nodes: readonly RedisHost[];
  readonly isEncrypted: boolean;
  readonly user: RedisUser;
}

export type RedisTarget = SingleRedis | SentinelRedis | ClusterRedis;

/** Of hosts in a list, because the URL of the standard has one host only. */
const listForm =
  /^(rediss?)(\+sentinel|\+cluster)?:\/\/(?:([^/?#@]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const hostForm = /^(\[[0-9a-f:.]+\]|[^:,[\]\s]+)(?::(\d{1,5}))?$/i;
const defaultPorts = { sentinel: 26_379, cluster: 6379 } as const;

/**
 * Reads `REDIS_URL`: a redis or rediss URL, the path of a socket, `redis://HOST:PORT,HOST:PORT` or
 * `redis+cluster://HOST:PORT` for a cluster, or `redis+sentinel://HOST:PORT,HOST:PORT/MASTER`. Undefined for other texts.
 */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  if (text.startsWith('/')) return { kind: 'server', url: text };
  try {
    const match = listForm.exec(text);
    const [, scheme, kind, userText, hosts = '', path = '', query = ''] = match ?? [];
    if (!match) return parseSingle(text);
    const common = { isEncrypted: scheme === 'rediss', user: parseUser(userText) };
    if (kind === '+sentinel') return parseSentinel(hosts, path, new URLSearchParams(query), common);
    if (kind === '+cluster' || hosts.includes(',')) return parseCluster(hosts, path, query, common);
    return parseSingle(text);
  } catch {
    // A user name or password that is not percent-encoded.
    return undefined;
  }
}

/** The passwords of a target, which must never be shown. */
export function passwordsOf(text: string): readonly string[] {
  const target = parseRedisUrl(text);
  if (!target) return [];
  if (target.kind === 'server') {
    const password = URL.canParse(target.url) && decodeURIComponent(new URL(target.url).password);
    return password ? [password] : [];
  }
  const users = target.kind === 'sentinel' ? [target.user, target.sentinelUser] : [target.user];
  return users.flatMap(({ password }) => password ?? []);
}

function parseSingle(url: string): SingleRedis | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, password, hostname } = new URL(url);
  decodeURIComponent(username + password);
  const isRedis = protocol === 'redis:' || protocol === 'rediss:';
  return isRedis && !hostname.includes(',') ? { kind: 'server', url } : undefined;
}

function parseSentinel(
  hosts: string,
  path: string,
  query: URLSearchParams,
  common: Pick<SentinelRedis, 'isEncrypted' | 'user'>,
): SentinelRedis | undefined {
  const sentinels = parseHosts(hosts, defaultPorts.sentinel);
  const [, name = '', database = '0'] = /^([^/]+)(?:\/(\d{1,5}))?$/.exec(path) ?? [];
  const isKnown = [...query.keys()].every((each) => /^sentinel_(username|password)$/.test(each));
  if (!sentinels || !name || !isKnown) return undefined;
  const sentinelUser = userOf(query.get('sentinel_username'), query.get('sentinel_password'));
  const masterName = decodeURIComponent(name);
  return { kind: 'sentinel', sentinels, masterName, database: Number(database), sentinelUser, ...common };
}

/** A cluster has one database, 0. */
function parseCluster(
  hosts: string,
  path: string,
  query: string,
  common: Pick<ClusterRedis, 'isEncrypted' | 'user'>,
): ClusterRedis | undefined {
  const nodes = parseHosts(hosts, defaultPorts.cluster);
  const isPlain = (path === '' || path === '0') && query === '';
  return nodes && isPlain ? { kind: 'cluster', nodes, ...common } : undefined;
}

function parseHosts(text: string, defaultPort: number): readonly RedisHost[] | undefined {
  const matches = text.split(',').map((each) => hostForm.exec(each));
  const hosts = matches.flatMap((match) => (match ? [toHost(match, defaultPort)] : []));
  return hosts.length === matches.length && hosts.every(({ port }) => port > 0 && port < 65_536)
    ? hosts
    : undefined;
}

function toHost([, host = '', port]: RegExpExecArray, defaultPort: number): RedisHost {
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? defaultPort : Number(port) };
}

/** Throws a URIError for text that is not percent-encoded. */
function parseUser(text = ''): RedisUser {
  const [, username = '', password] = /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  return userOf(decodeURIComponent(username), password === undefined ? null : decodeURIComponent(password));
}

function userOf(username: string | null, password: string | null): RedisUser {
  return { ...(username && { username }), ...(password && { password }) };
}
