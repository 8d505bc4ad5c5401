import { parseRedisUrl, passwordsOf } from '../../../src/traffic/resilience/redis-url.js';

test.each([
  'redis://127.0.0.1:6379',
  'redis://cache',
  'rediss://gateway:p%40ss@cache:6380/2',
  'redis://:secret@[::1]:6379/0?family=6',
  '/run/redis/redis.sock',
])('%s is one server, which ioredis reads itself', (url) => {
  expect(parseRedisUrl(url)).toEqual({ kind: 'server', url });
});

test.each([
  ['redis://a:7000,b:7001,[::1]:7002', { nodes: [node('a', 7000), node('b', 7001), node('::1', 7002)] }],
  ['redis://a,b/0', { nodes: [node('a', 6379), node('b', 6379)] }],
  ['redis+cluster://cache.internal', { nodes: [node('cache.internal', 6379)] }],
  [
    'rediss+cluster://gateway:p%40%2Css@a:1,b:2',
    {
      nodes: [node('a', 1), node('b', 2)],
      isEncrypted: true,
      user: { username: 'gateway', password: 'p@,ss' },
    },
  ],
])('%s names nodes of a cluster', (url, target) => {
  expect(parseRedisUrl(url)).toEqual({ kind: 'cluster', isEncrypted: false, user: {}, ...target });
});

test.each([
  ['redis+sentinel://a:5000,b/mymaster', { sentinels: [node('a', 5000), node('b', 26_379)] }],
  ['redis+sentinel://a/my%20master/3', { masterName: 'my master', database: 3 }],
  [
    'rediss+sentinel://gateway:secret@a/mymaster?sentinel_username=watcher&sentinel_password=p%26w',
    {
      isEncrypted: true,
      user: { username: 'gateway', password: 'secret' },
      sentinelUser: { username: 'watcher', password: 'p&w' },
    },
  ],
  ['redis+sentinel://:secret@a/mymaster', { user: { password: 'secret' } }],
])('%s names sentinels and their master', (url, target) => {
  const common = { sentinels: [node('a', 26_379)], masterName: 'mymaster', database: 0 };
  expect(parseRedisUrl(url)).toEqual({
    ...{ kind: 'sentinel', isEncrypted: false, user: {}, sentinelUser: {} },
    ...common,
    ...target,
  });
});

test.each([
  ['', 'http://cache:6379', 'cache:6379', 'redis', 'redis+sentinels://a/m', 'tls+redis://a'],
  ['redis://a:70000,b', 'redis://a:0,b', 'redis://a,,b', 'redis://a:x,b', 'redis://a b,c'],
  ['redis://a,b/1', 'redis+cluster://a/0/1', 'redis://a,redis://b', 'redis://a,b?family=6'],
  ['redis+sentinel://a', 'redis+sentinel://a/', 'redis+sentinel://a/m/x', 'redis+sentinel://a/m?password=p'],
  ['redis://:100%@a', 'redis://:100%@a,b', 'rediss+sentinel://:100%@a/m', 'redis://x@y@a,b'],
])('names no Redis: %s', (...urls) => {
  expect(urls.filter((url) => parseRedisUrl(url))).toEqual([]);
});

test('every password of a text is known, so that none is shown', () => {
  expect(passwordsOf('redis://:p%40ss@a')).toEqual(['p@ss']);
  expect(passwordsOf('redis://u:p%40ss@a,b')).toEqual(['p@ss']);
  expect(passwordsOf('redis+sentinel://u:one@a/m?sentinel_password=two')).toEqual(['one', 'two']);
  for (const url of ['/run/redis.sock', 'redis://a', 'no url']) expect(passwordsOf(url)).toEqual([]);
});

function node(host: string, port: number): object {
  return { host, port };
}
