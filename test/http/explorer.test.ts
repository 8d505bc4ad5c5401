import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';
import { tokenOf, tokensFor } from '../support/tokens.js';
import { until } from '../support/until.js';

const executablePath = findService('chromium');
const screenshotFolder = process.env.SCREENSHOT_FOLDER ?? mkdtempSync(join(tmpdir(), 'explorer-'));
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
    page = await openPage({ width: 1400, height: 860 });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  /** A page of a visitor that was never here. */
  async function openPage(viewport: { readonly width: number; readonly height: number }): Promise<Page> {
    const opened = await (await browser.newContext({ viewport })).newPage();
    opened.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) outside.push(request.url());
    });
    return opened;
  }

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
    await page.screenshot({ path: join(screenshotFolder, 'explorer.png') });
  }, 60_000);

  test('opens a tab for every documented operation', async () => {
    const tabs = await page.getByRole('tab').allInnerTexts();
    expect(tabs.join(' ')).toMatch(/SmsById.*VerificationsByIds.*RecordsOfUnknownProducts/s);
  });

  test('lists the examples in words, and opens the tab of the one that is chosen, also when it was closed', async () => {
    const examples = page.getByLabel('Examples');
    const wanted = 'Four verifications, of which two do not exist';
    const option = examples.locator('option', { hasText: wanted });
    const selected = page.getByRole('tab', { selected: true });
    await examples.selectOption((await option.getAttribute('value')) ?? '');
    await expectText(selected, 'VerificationsByIds');
    await selected.getByRole('button', { name: 'Close Tab' }).click();
    await expectText(selected, /^(?!VerificationsByIds)/);
    await examples.selectOption((await option.getAttribute('value')) ?? '');
    await expectText(selected, 'VerificationsByIds');
    await page.locator('.graphiql-query-editor', { hasText: wanted }).waitFor();
  }, 60_000);

  test('shows query and response one above the other on a telephone, each wide enough to be read', async () => {
    const phone = await openPage({ width: 390, height: 844 });
    await phone.goto(`${gateway.url}/explorer`);
    await phone.getByRole('button', { name: /Execute query/ }).click();
    await phone.locator('.result-window').getByText('"15000000E1F8B123"').first().waitFor();
    const response = await phone.locator('.result-window').boundingBox();
    expect(response?.width).toBeGreaterThan(330);
    expect(response?.height).toBeGreaterThan(300);
    const editor = phone.locator('.graphiql-query-editor .CodeMirror-scroll');
    const hidden = await editor.evaluate((scroll: Scrollable) => scroll.scrollWidth - scroll.clientWidth);
    expect(hidden).toBe(0);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await phone.screenshot({ path: join(screenshotFolder, 'explorer-390.png') });
    await phone.context().close();
  }, 60_000);

  test('comes in place of the sandbox page when the browser has no internet', async () => {
    const offline = await openPage({ width: 1400, height: 860 });
    await offline.route(/^https:/, (route) => route.abort('internetdisconnected'));
    await offline.goto(`${gateway.url}/graphql`);
    await offline.waitForURL(`${gateway.url}/explorer`);
    await offline.getByRole('tab', { name: /SmsById/ }).waitFor();
    await offline.context().close();
    outside.length = 0;
  }, 60_000);

  describe('in production, where the operator turned it on', () => {
    let production: TestGateway;
    let visitor: Page;

    beforeAll(async () => {
      const scopes = ['records:read', 'records:numbers', 'records:content'] as const;
      production = await startTestGateway({
        config: {
          ...tokensFor({ support: { scopes: [...scopes, 'introspect'] }, reader: { scopes } }),
          production: true,
          http: { explorer: true },
        },
      });
      visitor = await openPage({ width: 1400, height: 860 });
      await visitor.goto(`${production.url}/explorer`);
    }, 60_000);

    afterAll(async () => {
      await visitor?.context().close();
      await production?.[Symbol.asyncDispose]();
    });

    const alert = () => visitor.getByRole('alert');
    async function enter(token: string): Promise<void> {
      await visitor.getByLabel('Authorization').fill(token);
      await visitor.getByRole('button', { name: 'Use', exact: true }).click();
    }
    /** Runs the operation of a tab, and waits for a text of its response. */
    async function run(tab: RegExp, text: string): Promise<void> {
      await visitor.getByRole('tab', { name: tab }).click();
      const result = visitor.locator('.result-window').getByText(text).first();
      // The editor may still hold the operation of the tab before.
      await until(async () => {
        await visitor.getByRole('button', { name: /Execute query/ }).click();
        return result.waitFor({ timeout: 5000 }).then(
          () => true,
          () => false,
        );
      });
    }

    test('says that the schema needs a token', async () => {
      await expectText(alert(), /The schema and all records need a token/);
      await run(/SmsById/, 'UNAUTHENTICATED');
    }, 60_000);

    test('sends the token of one place from every tab, also after a reload', async () => {
      await enter(tokenOf('support'));
      await alert().waitFor({ state: 'detached' });
      await run(/SmsById/, '"15000000E1F8B123"');
      await run(/VerificationsByIds/, '"FOUND"');
      await visitor.reload();
      await run(/SmsById/, '"15000000E1F8B123"');
      expect(await alert().count()).toBe(0);
    }, 60_000);

    test('shows the token nowhere, and keeps it for this session of the browser only', async () => {
      expect(await visitor.content()).not.toContain(tokenOf('support'));
      expect(await visitor.evaluate('JSON.stringify(localStorage)')).not.toContain(tokenOf('support'));
      const other = await visitor.context().newPage();
      await other.goto(`${production.url}/explorer`);
      await expectText(other.getByRole('alert'), /need a token/);
      await other.close();
    }, 60_000);

    test('says what a token lacks, and runs operations all the same', async () => {
      await enter(`Bearer ${tokenOf('reader')}`);
      await expectText(alert(), /needs the scope introspect/);
      await run(/SmsById/, '"15000000E1F8B123"');
      await enter('a-wrong-token');
      await expectText(alert(), /does not accept this Authorization header/);
      await enter('töken');
      await expectText(alert(), /signs of ASCII/);
    }, 60_000);

    test('forgets the token on request', async () => {
      await visitor.getByRole('button', { name: 'Clear' }).click();
      await expectText(alert(), /need a token/);
      expect(await visitor.evaluate('JSON.stringify(sessionStorage)')).not.toContain('token-');
      await run(/SmsById/, 'UNAUTHENTICATED');
    }, 60_000);
  });

  test('needs no other server', () => {
    expect(outside).toEqual([]);
  });
});

/** What the test reads of an element in the page. */
interface Scrollable {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

/** Waits until an element has the text. */
async function expectText(locator: Locator, text: string | RegExp): Promise<void> {
  await locator.filter({ hasText: text }).waitFor();
}
