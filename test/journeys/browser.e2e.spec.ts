import { afterAll, beforeAll, expect, it } from '@jest/globals';
import axe from 'axe-core';
import { Secret, TOTP } from 'otpauth';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { SetUp } from '#apps/access/src/in/set-up.js';
import { edgeGuards, prepareGateway } from '#apps/gateway/src/gateway.module.js';
import { Api } from '#apps/standalone/src/demo/api.js';
import { hire, password, Person } from '#apps/standalone/src/demo/people.js';
import { StoryClock } from '#apps/standalone/src/demo/story-clock.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import { eventually } from '#testing/eventually.js';
import { openServices, type OpenedServices } from '#testing/opened-services.js';
import { describeWith, findProgram } from '#testing/programs.js';

const program = findProgram('chromium', 'chromium-browser', 'google-chrome');

/** What axe reports of the page by WCAG 2.2 AA, as `rule: element` lines. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  // Handed over by the debugger: our pages run no script, also not that of a test.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { axe: checker } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
      };
    };
    const { violations } = await checker.run({ runOnly: tags });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}

describeWith(program)('the pages in Chromium', () => {
  const clock = new StoryClock('2025-03-10T09:00:00+07:00');
  let running: OpenedServices;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let codes: TOTP;
  const troubles: string[] = [];

  beforeAll(async () => {
    if (program === undefined) throw new Error('Chromium is needed: install the package chromium');
    running = await openServices(services, { story: clock, edgeGuards, prepare: prepareGateway });
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
    browser = await chromium.launch({ executablePath: program, args });
    context = await browser.newContext({ locale: 'vi-VN', viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
    });
  });

  afterAll(async () => {
    await browser.close();
    await running.stop();
  });

  /** A code counts once: the story goes on to the next. */
  async function nextCode(): Promise<string> {
    await clock.moveTo(new Date(clock.now().getTime() + 30_000).toISOString());
    return codes.generate({ timestamp: clock.now().getTime() });
  }

  /** Every page is shown without a fault, in both languages, light and dark, and fits a narrow phone. */
  async function looksRight(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect([page.url(), colorScheme, await faultsOf(page)]).toEqual([page.url(), colorScheme, []]);
    }
    const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    expect([page.url(), 'wider than the screen', wide]).toEqual([page.url(), 'wider than the screen', false]);
    expect(troubles.splice(0)).toEqual([]);
  }

  it('make the first administrator, with an authenticator app', async () => {
    const link = await running.app.get(SetUp, { strict: false }).linkAtBoot();
    await page.goto(`${running.url}${link ?? ''}`);
    await looksRight();
    await page.getByLabel('Họ và tên').fill('Lê Thị Quản Trị (giả định)');
    await page.getByLabel('Thư điện tử').fill('quantri@example.org');
    await page.getByLabel('Tên đăng nhập').fill('quantri');
    await page.getByLabel('Mật khẩu').fill(password);
    await page.getByRole('button', { name: 'Tạo người quản trị' }).click();
    await looksRight();
    await page.getByRole('button', { name: 'Cài đặt' }).click();
    await looksRight();
    const shown = await page.locator('code').first().innerText();
    codes = new TOTP({ secret: Secret.fromBase32(shown.replaceAll(' ', '')) });
    await page.locator('#code').fill(await nextCode());
    await page.getByRole('button', { name: 'Xác nhận' }).click();
    await page.getByText('Lê Thị Quản Trị (giả định)').first().waitFor();
    await looksRight();
  });

  it('show a mail of a receipt in the local mailbox, and its PDF', async () => {
    const session = await new Api(running.url).post<never>('/v1/sessions', {
      ...{ login: 'quantri', password, code: await nextCode() },
    });
    const administrator = new Person(running.url, clock, 'quantri', session);
    const { fundId } = await administrator.api.post<{ readonly fundId: string }>('/v1/funds', {
      ...{ code: 'LS', level: 'province', openedOn: '2024-01-01' },
      name: { vi: 'Quỹ Bảo trợ trẻ em (giả định)', en: 'Child Protection Fund (made up)' },
      decision: { number: '01/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
    });
    const people = await hire(administrator, running.url, clock, fundId, '2025-03-10');
    await people.cashier.api.post('/v1/donations', {
      ...{ fundId, method: 'cash', receivedOn: '2025-03-10', items: [] },
      amount: { amount: '500000', currency: 'VND' },
      donor: {
        kind: 'named',
        details: {
          ...{ class: 'individual', inProvince: true, name: 'Nguyễn Thí Dụ', email: 'thidu@example.org' },
        },
      },
    });
    await page.goto(`${running.url}/inbox`);
    await looksRight();
    await eventually(async () => {
      await page.reload();
      expect(await page.getByRole('link', { name: /LS-2025-000001/ }).count()).toBe(1);
    });
    await looksRight();
    await page.getByRole('link', { name: /LS-2025-000001/ }).click();
    await page.getByText('thidu@example.org').first().waitFor();
    expect(await page.locator('pre').innerText()).toContain('biên lai số LS-2025-000001');
    // Fonts of one width often lack Vietnamese letters, whose marks are then set beside them.
    const font = (element: string): string => `getComputedStyle(${element}).fontFamily`;
    const [mail, body] = [font("document.querySelector('pre')"), font('document.body')];
    expect(await page.evaluate(mail)).toBe(await page.evaluate(body));
    await looksRight();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /\.pdf/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('LS-2025-000001.pdf');
  });

  it('change the language and stay where they are', async () => {
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByText('thidu@example.org').first().waitFor();
    await expect(page.locator('html').getAttribute('lang')).resolves.toBe('en');
    await looksRight();
  });

  it('sign out, and lead back to where one wanted to go after signing in', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${running.url}/inbox`);
    await looksRight();
    await page.getByLabel('Login').fill('quantri');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await looksRight();
    await page.locator('#code').fill(await nextCode());
    await page.locator('main button').click();
    await page.getByRole('link', { name: /LS-2025-000001/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/inbox');
  });

  it('describe the API', async () => {
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.goto(`${running.url}/docs`);
    // A hundred operations take a browser seconds to lay out, more where others use the machine too.
    await page.getByText('/v1/donations').first().waitFor({ timeout: 30_000 });
    expect(troubles.splice(0)).toEqual([]);
  });
});
