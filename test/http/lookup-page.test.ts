import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Direction, Product } from '../../src/catalogue/product.js';
import { addSms } from '../support/add-sms.js';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { tokenOf, tokensFor } from '../support/tokens.js';

const executablePath = findService('chromium');
const describeWithBrowser = executablePath ? describe : describe.skip;
const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const range = (length: number, name = 'id') => Array.from({ length }, (_, index) => `${name}-${index}`);

describeWithBrowser('the page that looks records up', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/build.js', 'lookup-page']);
    gateway = await startTestGateway({
      config: tokensFor({
        finance: { scopes: ['records:read', 'records:numbers', 'records:range', 'explain'] },
        support: { scopes: ['records:read'] },
      }),
    });
    addSms(gateway.simulator, range(260), (index) => ({
      to: `4477009${String(index).padStart(5, '0')}`,
      total_price: '0.01',
      currency: 'EUR',
      date_received: '2026-01-05T08:00:00Z',
    }));
    browser = await chromium.launch({ executablePath: executablePath as string, args: browserArguments });
    page = await browser.newPage();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.emulateMedia({ colorScheme: 'light' });
    gateway.simulator.log.clear();
  });
  // One tab for all tests, since a new one costs a process.
  afterEach(() => page.evaluate(() => (globalThis as any).sessionStorage.clear()));

  async function open(caller: string): Promise<void> {
    await page.goto(`${gateway.url}/lookup`);
    await page.getByLabel('Token').fill(tokenOf(caller));
  }

  async function lookUp(ids: readonly string[]): Promise<void> {
    await page.getByLabel(/^Ids/).fill(ids.join('\n'));
    await page.getByLabel('Product').selectOption('SMS');
    await page.getByLabel('Direction').selectOption('OUTBOUND');
    await page.getByRole('button', { name: /^Look up/ }).click();
  }

  /** Screenshots for the documents; `SCREENSHOT_FOLDER=docs` renews them. */
  async function screenshot(name: string): Promise<void> {
    const folder = process.env.SCREENSHOT_FOLDER;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}.png` });
  }

  async function seriousFindings(): Promise<string[]> {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as any).axe.run());
    return violations
      .filter(({ impact }: { impact: string }) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`);
  }

  const summary = () => page.locator('.summary').textContent();

  test('finds what is pasted, whatever stands between the ids', async () => {
    await open('finance');
    await page.getByLabel(/^Ids/).fill('"id-0", id-1;\nid-2 id-2');
    await page.getByLabel('Product').selectOption('SMS');
    await page.getByLabel('Direction').selectOption('OUTBOUND');
    await page.getByRole('button', { name: 'Look up 3 ids' }).click();
    await page.getByRole('table').waitFor();
    expect(await summary()).toBe(
      '3 records found · 0 ids not found · 0 failed · 0.03 EUR · 1 call, 3 records billed',
    );
  });

  test('tells first what 250 ids may cost, then shows records, misses and the malformed id', async () => {
    await open('finance');
    await lookUp([...range(239), ...range(10, 'absent'), 'a/b']);
    await page.getByText(/250 ids: at most 13 calls to Vonage/).waitFor();
    expect(gateway.simulator.log.calls).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('11 without a record').waitFor();
    expect(await summary()).toMatch(/^239 records found · 10 ids not found · 1 failed · 2\.39 EUR/);
    expect(await page.locator('.misses').textContent()).toMatch(/absent-9 Not found.*a\/b .*must/s);
    await screenshot('lookup-page');
  });

  async function listUntil(moment: string): Promise<void> {
    await page.getByLabel('by date').check();
    await page.getByLabel('Product').selectOption('SMS');
    await page.getByLabel('Direction').selectOption('OUTBOUND');
    await page.getByLabel('From (UTC)').fill('2026-01-05T08:00');
    await page.getByLabel('Until (UTC)').fill(moment);
    await page.getByRole('button', { name: 'List records' }).click();
    await page.getByText('the first page is billed whole').waitFor();
    expect(gateway.simulator.log.calls).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('table').waitFor();
  }

  test('says when Vonage cut a list, and shows the records that arrived', async () => {
    gateway.simulator.faults.plan({ kind: 'cut', rows: 3, cursor: 'lost' }, 1);
    await open('finance');
    await listUntil('2026-01-05T08:02');
    expect(await page.getByRole('alert').textContent()).toMatch(/^The list lacks records: ./);
    expect(await summary()).toMatch(/^3 records found/);
  });

  test('lists a window of time after it told what that may cost', async () => {
    await open('finance');
    await listUntil('2026-01-05T08:01');
    expect(await summary()).toMatch(/^2\d\d records found/);
    expect(gateway.simulator.log.calls).toHaveLength(1);
    await screenshot('lookup-page-dates');
  });

  test('sorts by a column, and keeps rows without a value last', async () => {
    await open('finance');
    await lookUp(['id-1', 'id-3', 'id-2']);
    await page.getByRole('button', { name: 'to', exact: true }).click();
    const firstCells = () => page.locator('tbody th').allTextContents();
    expect(await firstCells()).toEqual(['id-1', 'id-2', 'id-3']);
    await page.getByRole('button', { name: 'to', exact: true }).click();
    expect(await firstCells()).toEqual(['id-3', 'id-2', 'id-1']);
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toBe('to');
  });

  test('opens all fields of a record with their descriptions, and closes by keyboard', async () => {
    await open('finance');
    await lookUp(['15000000E1F8B123']);
    await page.getByRole('button', { name: '15000000E1F8B123' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('networkName').waitFor();
    expect(await dialog.textContent()).toMatch(/networkName.*Telefonica/s);
    expect(await seriousFindings()).toEqual([]);
    await screenshot('lookup-page-record');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('asks for what costs a further record only when told to', async () => {
    await open('finance');
    await lookUp(['15000000E1F8B123']);
    await page.getByRole('button', { name: '15000000E1F8B123' }).click();
    const load = page.getByRole('button', { name: 'Load messageBody (may be billed)' });
    await load.waitFor();
    expect(gateway.simulator.log.calls.map(({ includeMessage }) => includeMessage)).not.toContain(true);
    await load.click();
    await page.getByRole('dialog').getByText('messageBody', { exact: true }).waitFor();
  });

  test('shows numbers masked to a caller without the scope, and does not tell what it may cost', async () => {
    await open('support');
    await lookUp(range(120));
    await page.getByText('Your token does not tell what they cost').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('table').waitFor();
    expect(await page.getByRole('table').textContent()).not.toContain('4477009');
    expect(await page.getByRole('table').textContent()).toMatch(/44\*+/);
  });

  test('keeps the token for the tab, and forgets it on request', async () => {
    await open('finance');
    await page.reload();
    expect(await page.getByLabel('Token').inputValue()).toBe(tokenOf('finance'));
    await page.getByRole('button', { name: 'Forget' }).click();
    await page.reload();
    expect(await page.getByLabel('Token').inputValue()).toBe('');
  });

  test('says what is missing when the gateway needs a token', async () => {
    await page.goto(`${gateway.url}/lookup`);
    await lookUp(['id-1']);
    expect(await page.getByRole('alert').textContent()).toMatch(/Authorization|token/i);
  });

  test('downloads CSV that no spreadsheet runs as a formula', async () => {
    gateway.simulator.dataset.add({
      product: Product.SMS,
      direction: Direction.OUTBOUND,
      row: { account_id: 'abcd1234', message_id: 'formula', status: 'delivered', from: '=1+1' },
    });
    await open('finance');
    await lookUp(['formula']);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const download = await downloading;
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toContain("'=1+1");
    expect(download.suggestedFilename()).toBe('records.csv');
  });

  test.each(['light', 'dark'] as const)(
    'can be used at 390 px and by a screen reader: %s',
    async (scheme) => {
      await page.setViewportSize({ width: 390, height: 780 });
      await page.emulateMedia({ colorScheme: scheme });
      await open('finance');
      await lookUp(['id-1', 'absent']);
      await page.getByRole('table').waitFor();
      expect(await seriousFindings()).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(390);
      await screenshot(`lookup-page-narrow-${scheme}`);
    },
  );

  test('loads nothing from elsewhere and runs no inline code', async () => {
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url)) outside.push(request.url());
    });
    const response = await page.goto(`${gateway.url}/lookup`);
    await page.getByLabel('Token').waitFor();
    expect(outside).toEqual([]);
    expect(response?.headers()['content-security-policy']).toContain("script-src 'self'");
    expect(response?.headers()['content-security-policy']).not.toContain('unsafe');
  });
});

test('is off in production unless the operator turns it on', async () => {
  for (const [lookupPage, status] of [
    [false, 404],
    [true, 200],
  ] as const) {
    await using gateway = await startTestGateway({ config: { production: true, http: { lookupPage } } });
    expect((await fetch(`${gateway.url}/lookup`)).status).toBe(status);
  }
});
