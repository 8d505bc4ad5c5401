import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const executablePath = findService('chromium');
const describeWithBrowser = executablePath ? describe : describe.skip;

describeWithBrowser('the explorer in a browser', () => {
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;
  const outside: string[] = [];

  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/build.js', 'explorer']);
    gateway = await startTestGateway();
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await browser.newPage({ viewport: { width: 1400, height: 860 } });
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url) && !request.url().startsWith('data:'))
        outside.push(request.url());
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  test('runs the example query and shows the record, without a request to another server', async () => {
    const response = await page.goto(`${gateway.url}/explorer`);
    expect(response?.headers()['content-security-policy']).toContain("script-src 'self'");
    expect(response?.headers()['content-security-policy']).not.toContain('unsafe');

    await page.getByRole('tab', { name: /SmsById/ }).click();
    await page.getByRole('button', { name: /Execute query/ }).click();
    const result = page.locator('.result-window');
    await result.getByText('"15000000E1F8B123"').first().waitFor();

    expect(await result.textContent()).toContain('0.03330000');
    expect(outside).toEqual([]);
    const folder = process.env.SCREENSHOT_FOLDER ?? mkdtempSync(join(tmpdir(), 'explorer-'));
    await page.screenshot({ path: join(folder, 'explorer.png') });
  }, 60_000);

  test('opens a tab for every documented operation', async () => {
    const tabs = await page.getByRole('tab').allInnerTexts();
    expect(tabs.join(' ')).toMatch(/SmsById.*VerificationsByIds.*RecordsOfUnknownProducts/s);
  });
});
