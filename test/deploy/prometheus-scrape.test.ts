import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { TestPrometheus } from '../support/start-prometheus.js';
import { until } from '../support/until.js';

const program = findService('prometheus');
const describeWithPrometheus = program ? describe : describe.skip;

interface Rules {
  readonly groups: readonly { readonly rules: readonly { name: string; health: string; state: string }[] }[];
}

describeWithPrometheus('A real Prometheus with the configuration of deploy/', () => {
  let gateway: TestGateway;
  let prometheus: TestPrometheus;
  beforeAll(async () => {
    gateway = await startTestGateway({ config: { admin: { port: 0 } } });
    await gateway.ask('{ record(id: "15000000E1F8B123", product: SMS, direction: OUTBOUND) { vonageId } }');
    prometheus = await TestPrometheus.start(program ?? '', new URL(gateway.adminUrl ?? '').host);
  });
  afterAll(async () => {
    await prometheus[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  test('scrapes the gateway and stores what a lookup cost', async () => {
    await until(async () => (await prometheus.valueOf('up{job="vonage-records-gateway"}')) === 1);
    expect(await prometheus.valueOf('sum(vonage_calls_total{outcome="ok"})')).toBe(1);
    expect(await prometheus.valueOf('sum(vonage_records_billed_total)')).toBe(1);
  });

  test('evaluates every rule without an error, and raises no alert for a healthy gateway', async () => {
    const rules = async () =>
      (await prometheus.get<Rules>('rules'))?.groups.flatMap((group) => group.rules) ?? [];
    await until(async () => {
      const all = await rules();
      // A scrape that a busy machine delays makes an alert pending until the next one.
      return all.length > 0 && all.every(({ health, state }) => health !== 'unknown' && state !== 'pending');
    });
    for (const { name, health, state } of await rules())
      expect({ name, health, state }).toEqual({ name, health: 'ok', state: 'inactive' });
  });
});
