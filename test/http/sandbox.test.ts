import { type Browser, chromium } from 'playwright-core';
import { findService } from '../support/services.js';
import { startTestGateway, type TestGateway } from '../support/start-gateway.js';

const executablePath = findService('chromium');
const describeWithBrowser = executablePath ? describe : describe.skip;

describeWithBrowser('the sandbox page in a browser', () => {
  let gateway: TestGateway;
  let browser: Browser;

  beforeAll(async () => {
    gateway = await startTestGateway();
    browser = await chromium.launch({
      executablePath: executablePath as string,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  test("runs Apollo's script, which may query this gateway and open Apollo's frame", async () => {
    const page = await browser.newPage();
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    // Replaces Apollo's servers, so that the test needs no internet access.
    await page.route(/^https:/, (route) => {
      const isScript = route.request().resourceType() === 'script';
      const body = isScript ? embeddedSandbox : '';
      return route.fulfill({ contentType: isScript ? 'text/javascript' : 'text/html', body });
    });

    await page.goto(`${gateway.url}/graphql`);
    await page.waitForFunction('window.response !== undefined && document.querySelector("iframe")');
    expect(await page.evaluate('window.response')).toEqual({ data: { __typename: 'Query' } });
    expect(violations.filter((text) => !/manifest|fonts/.test(text))).toEqual([]);
  }, 60_000);
});

/** The actions of Apollo's script that a content security policy could block. */
const embeddedSandbox = `
  window.EmbeddedSandbox = class {
    constructor() {
      const frame = document.createElement('iframe');
      frame.src = 'https://sandbox.embed.apollographql.com/';
      document.body.append(frame);
      const headers = { 'content-type': 'application/json' };
      fetch(location.href, { method: 'POST', headers, body: '{"query":"{ __typename }"}' })
        .then((response) => response.json())
        .then((body) => { window.response = body; });
    }
  };
`;
