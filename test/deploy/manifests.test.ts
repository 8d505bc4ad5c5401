import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { imageSettings, parseDockerfile } from './dockerfile.js';

const image = imageSettings(
  parseDockerfile(readFileSync('deploy/Dockerfile', 'utf8')).at(-1) ?? { name: undefined, instructions: [] },
);

const documentation = ['configuration', 'observability']
  .map((page) => readFileSync(`docs/${page}.md`, 'utf8'))
  .join('\n');

/** Whether the documentation describes the variable, or the one whose value its file holds. */
function isDocumented(variable: string): boolean {
  return [variable, variable.replace(/_FILE$/, '')].some((name) => documentation.includes(`\`${name}\``));
}

describe('deploy/kubernetes.yaml', () => {
  const documents = parseAllDocuments(readFileSync('deploy/kubernetes.yaml', 'utf8'));
  const objects: Record<string, any> = Object.fromEntries(
    documents.map((document) => document.toJS()).map((object) => [object.kind, object]),
  );
  const { spec } = objects.Deployment;
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const labels = spec.template.metadata.labels;

  test('has a Deployment, a Service, a PodDisruptionBudget and a NetworkPolicy, and no Secret', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect(Object.keys(objects)).toEqual(['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy']);
  });

  test('all objects select the pods of the Deployment', () => {
    expect(spec.selector.matchLabels).toEqual(labels);
    expect(objects.Service.spec.selector).toEqual(labels);
    expect(objects.PodDisruptionBudget.spec.selector.matchLabels).toEqual(labels);
    expect(objects.NetworkPolicy.spec.podSelector.matchLabels).toEqual(labels);
    expect(pod.topologySpreadConstraints[0].labelSelector.matchLabels).toEqual(labels);
  });

  test('runs as the user of the image, without privileges, on a read-only root file system', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: image.userId,
      runAsGroup: image.groupId,
      fsGroup: image.groupId,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
  });

  test('sets documented variables only, and takes every secret from the Secret', () => {
    const variables: { name: string; value?: string }[] = container.env;
    expect(variables.map(({ name }) => name).filter((name) => !isDocumented(name))).toEqual([]);
    for (const { name, value } of variables.filter((each) => /SECRET|TOKEN|REDIS/.test(each.name)))
      expect([name, value]).toEqual([name, expect.stringMatching(/^\/etc\/vonage-records-gateway\//)]);
    expect(pod.volumes).toEqual([
      { name: 'secrets', secret: { secretName: 'vonage-records-gateway', defaultMode: 0o440 } },
    ]);
    expect(container.volumeMounts[0]).toMatchObject({
      mountPath: '/etc/vonage-records-gateway',
      readOnly: true,
    });
  });

  test('REPLICAS is the number of replicas', () => {
    expect(variable('REPLICAS')).toBe(`${spec.replicas}`);
  });

  test('every probe asks the public port, and the ports are those of the image and of ADMIN_PORT', () => {
    expect(container.ports).toEqual([
      { name: 'http', containerPort: Number(image.environment.PORT) },
      { name: 'admin', containerPort: Number(variable('ADMIN_PORT')) },
    ]);
    for (const name of ['startupProbe', 'livenessProbe'])
      expect(container[name].httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  test('a stopping pod has time for the delay and for ten seconds of unfinished operations', () => {
    const { value } = container.env.find(({ name }: { name: string }) => name === 'SHUTDOWN_DELAY_MS');
    expect(Number(value)).toBeGreaterThanOrEqual(5000);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(value) / 1000 + 11);
  });

  test('the Service leads to the public port only, and only the monitoring namespace reaches the admin port', () => {
    expect(objects.Service.spec.ports.map(({ targetPort }: { targetPort: string }) => targetPort)).toEqual([
      'http',
    ]);
    const [clients, monitoring] = objects.NetworkPolicy.spec.ingress;
    expect(clients.ports).toEqual([{ port: 'http' }]);
    expect(monitoring.ports).toEqual([{ port: 'admin' }]);
    expect(objects.NetworkPolicy.spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  test('a rolling update never has fewer replicas than wanted', () => {
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
  });

  function variable(name: string): string | undefined {
    return container.env.find((each: { name: string }) => each.name === name)?.value;
  }
});

describe('deploy/compose.yaml', () => {
  const compose = parse(readFileSync('deploy/compose.yaml', 'utf8'));
  const { gateway, redis, prometheus } = compose.services;

  test('every service is unprivileged, read-only, bounded in memory and restarted', () => {
    for (const service of [gateway, redis, prometheus])
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.stringMatching(/^\d+m$/),
        restart: 'unless-stopped',
      });
  });

  test('the gateway gets documented variables only, and secrets as files', () => {
    const names = Object.keys(gateway.environment);
    expect(names.filter((name) => !isDocumented(name))).toEqual([]);
    expect(gateway.environment.VONAGE_API_SECRET_FILE).toBe('/run/secrets/vonage-api-secret');
    expect(gateway.environment.AUTH_TOKENS_FILE).toBe('/run/secrets/auth-tokens');
    expect(Object.keys(compose.secrets)).toEqual(gateway.secrets);
    expect(readFileSync('deploy/.gitignore', 'utf8')).toContain('secrets/');
  });

  test('only this machine reaches the published ports, and Redis is reached by the gateway alone', () => {
    for (const port of [...gateway.ports, ...prometheus.ports]) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(redis.ports).toBeUndefined();
    expect(compose.networks.storage).toEqual({ internal: true });
    const reachable = Object.entries<any>(compose.services).filter(([, each]) =>
      each.networks.includes('storage'),
    );
    expect(reachable.map(([name]) => name)).toEqual(['gateway', 'redis']);
  });

  test('Prometheus scrapes the admin port of the gateway', () => {
    const { scrape_configs } = parse(readFileSync('deploy/prometheus.yml', 'utf8'));
    expect(scrape_configs[0].static_configs[0].targets).toEqual([
      `gateway:${gateway.environment.ADMIN_PORT}`,
    ]);
    expect(prometheus.networks.filter((name: string) => gateway.networks.includes(name))).toEqual([
      'monitoring',
    ]);
  });

  test('Redis evicts the records used longest ago instead of refusing writes, below its memory limit', () => {
    const command: string[] = redis.command;
    expect(command[command.indexOf('--maxmemory-policy') + 1]).toBe('allkeys-lru');
    const maxMemory = Number.parseInt(command[command.indexOf('--maxmemory') + 1] ?? '', 10);
    expect(maxMemory).toBeLessThan(Number.parseInt(redis.mem_limit, 10));
  });
});
