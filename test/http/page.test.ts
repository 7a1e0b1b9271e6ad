import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { agentId } from '../../src/base/ids.ts';
import { houseRouting, openHouse, password, type House } from '../cti/house.ts';

const executablePath = '/usr/bin/chromium';
if (!existsSync(executablePath)) console.warn(`page tests skipped: no Chromium at ${executablePath} (Debian: apt-get install chromium)`);

/** Set to a folder to look at the page in each state. */
const pictures = process.env['REXIAN_PICTURES'];

describe.skipIf(!existsSync(executablePath))('the page in a real browser', () => {
  let browser: Browser;
  let house: House;
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
  });
  afterAll(() => browser.close());

  const wang = { id: '7', name: '王女士', number: '+8613800001234', tier: 'vip', note: '上次反映账单多扣费，已退款，请先确认是否到账。', data: { 城市: '杭州', 套餐: '5G 畅享 129' } };
  const earlier = [
    { contact: 'c-1', arrivedAt: 1_753_000_000_000, queue: 'billing', agent: '1002', answered: true, disposition: 'solved', note: '退款 36 元' },
    { contact: 'c-2', arrivedAt: 1_752_000_000_000, queue: 'general', agent: null, answered: false, disposition: null, note: '' },
  ];

  beforeEach(async () => {
    troubles.length = 0;
    house = await openHouse({ directory: { lookUp: async () => wang, earlierContacts: async () => earlier } });
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
    page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 401/.test(message.text())) troubles.push(message.text());
    });
  });
  afterEach(async () => {
    await page.context().close();
    await house.stop();
    expect(troubles).toEqual([]);
  });

  const signIn = async (agent: string, on = page): Promise<void> => {
    await on.goto(house.url);
    await on.getByLabel('工号').fill(agent);
    await on.getByLabel('密码').fill(password);
    await on.getByRole('button', { name: '登录' }).click();
    await on.locator('.line.connected').waitFor();
  };

  const picture = async (name: string): Promise<void> => {
    if (pictures === undefined) return;
    await mkdir(pictures, { recursive: true });
    for (const [width, height] of [[1366, 768], [2560, 1440]] as const) {
      await page.setViewportSize({ width, height });
      for (const language of ['zh', 'en']) {
        if (!(await page.locator('html').getAttribute('lang'))?.startsWith(language)) await page.locator('[data-key=language], button[lang]').first().click();
        await page.screenshot({ path: join(pictures, `${name}-${width}-${language}.png`) });
      }
      await page.locator('button[lang]').first().click();
    }
    await page.setViewportSize({ width: 1366, height: 768 });
  };

  test('an agent’s day: sign in, ready, ring, talk, summary, ready again', async () => {
    await page.goto(house.url);
    await page.getByLabel('工号').fill('1001');
    await page.getByLabel('密码').fill('wrong');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('工号或密码不对').waitFor();
    await picture('1-sign-in');
    await signIn('1001');
    await picture('2-offline');
    await page.getByRole('button', { name: '签入' }).click();
    await page.locator('.state.paused').waitFor();
    await page.keyboard.press('Alt+r');
    await page.locator('.state.ready').waitFor();
    await picture('3-ready');

    const contact = await house.call('13800001234', 'billing');
    await page.locator('.card.ringing').getByText('王女士').waitFor();
    expect(await page.locator('.card').innerText()).toContain('13800001234');
    await house.call('13900005678', 'billing');
    await house.call('02188886666', 'general');
    await page.locator('.queues tr.waiting').first().waitFor();
    await picture('4-ringing');
    await page.getByRole('button', { name: '接听' }).click();
    await expect.poll(() => house.orders.some((order) => order.type === 'answer-phone'), { timeout: 5_000 }).toBe(true);
    await house.answer(contact);
    await page.locator('.state.talking').waitFor();
    await expect.poll(() => page.locator('.card-top time').innerText(), { timeout: 5_000 }).toBe('00:01');
    await picture('5-talking');

    await page.getByRole('button', { name: '挂断' }).click();
    await page.locator('.state.wrap-up').waitFor();
    await page.getByLabel('备注').fill('已解释账单');
    await picture('6-wrap-up');
    await page.getByLabel('备注').fill('已解释账单');
    await page.getByText('Solved').or(page.getByText('已解决')).first().click();
    await page.getByRole('button', { name: '提交小结' }).click();
    await expect.poll(() => house.engine.centre.agents.get(agentId('1001'))?.presence.status, { timeout: 5_000 }).not.toBe('wrap-up');
  });

  test('a torn connection is taken up again; a page opened elsewhere takes over', async () => {
    await signIn('1001');
    await page.getByRole('button', { name: '签入' }).click();
    await page.locator('.state.paused').waitFor();
    for (const client of house.server.websocketServer.clients) client.terminate();
    await house.submit({ type: 'make-ready', agent: agentId('1001') });
    await page.locator('.state.ready').waitFor();
    await page.locator('.line.connected').waitFor();
    const other = await page.context().newPage();
    await other.goto(house.url);
    await other.locator('.state.ready').waitFor();
    await page.getByText('已在另一处登录').waitFor();
    await picture('7-replaced');
    await page.getByRole('button', { name: '在此处继续' }).click();
    await page.locator('.state.ready').waitFor();
  });

  test('a supervisor sees queues, agents and contacts move, in English too', async () => {
    for (const agent of ['1001', '1002', '1003'] as const) await house.submit({ type: 'sign-in', agent: agentId(agent) });
    await house.submit({ type: 'make-ready', agent: agentId('1001') });
    await house.submit({ type: 'pause', agent: agentId('1003'), reason: 'lunch' });
    await signIn('2001');
    await house.answer(await house.call('13800001234', 'billing'));
    await house.call('13900005678', 'billing');
    await page.locator('.agents .pill.talking').waitFor();
    await page.locator('.contacts').getByText('13900005678').waitFor();
    await page.locator('.queues tr.waiting').first().waitFor();
    await picture('8-supervisor');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Live queues' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  test('an agent leaves one queue and asks for a break, and a supervisor agrees', async () => {
    await house.submit({ type: 'configure', routing: { ...houseRouting('breaks'), centre: { ...houseRouting().centre, breaks: new Map([['lunch', { approval: true }]]) } } });
    for (const type of ['sign-in', 'make-ready'] as const) await house.submit({ type, agent: agentId('1001') });
    await signIn('1001');
    await page.getByRole('button', { name: '账单组' }).click();
    await page.locator('[data-key=queue-billing][aria-pressed=false]').waitFor();
    expect(house.engine.centre.agents.get(agentId('1001'))?.outOf).toEqual(['billing']);
    await page.locator('[data-key=pause-lunch]').click();
    await page.getByText('等待班长批准').waitFor();
    const other = await browser.newContext({ locale: 'zh-CN' });
    const supervisor = await other.newPage();
    await signIn('2001', supervisor);
    await supervisor.locator('[data-key=grant-1001]').click();
    await page.locator('.state.paused').getByText('用餐').waitFor();
    await other.close();
  });

  test('a supervisor is warned of what is wrong, in both languages, until it is well again', async () => {
    await signIn('2001');
    await house.submit({ type: 'recorder-seen', fault: 'recordings-full', low: true });
    await page.getByRole('alert').getByText('录音磁盘已满').waitFor();
    await page.getByRole('alert').getByText('空间即将用尽').waitFor();
    await picture('9-alarms');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('alert').getByText('The disk for recordings is full').waitFor();
    await house.submit({ type: 'recorder-seen', low: false });
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  test('what a caller or an agent wrote is shown as text and never run', async () => {
    await signIn('1001');
    await page.getByRole('button', { name: '签入' }).click();
    // Before that there is no button for the key.
    await page.locator('.state.paused').waitFor();
    await page.keyboard.press('Alt+r');
    await page.locator('.state.ready').waitFor();
    wang.name = '<img src=x onerror="document.title=1">';
    await house.call();
    await page.locator('.customer-name').getByText('<img src=x').waitFor();
    expect(await page.locator('.customer img').count()).toBe(0);
    wang.name = '王女士';
  });

  test('the page asks nobody else, and its policy allows nothing inline', async () => {
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await signIn('1001');
    expect([...hosts]).toEqual([new URL(house.url).host]);
    const policy = (await page.request.get(house.url)).headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });
});
