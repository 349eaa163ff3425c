// Ten thousand open songs on the page. Run by PageIT; what it says of times depends on the machine.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isLive, launch, open, until } from './browser.mjs';

const SONGS = Number(process.env.CAMELODY_SONGS);

/** Far more than a list of that many takes, and far less than one would that exists row for row. */
const STALL = 1_000;

let browser;

before(async () => { browser = await launch(); });
after(() => browser.close());

test(`${SONGS} open songs are listed without a stall`, async (context) => {
  const { page, close } = await open(browser);
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((task) => longTasks.push(Math.round(task.duration))))
      .observe({ type: 'longtask', buffered: true });
  });
  const told = async (what) => {
    const tasks = await page.evaluate(() => longTasks.splice(0));
    context.diagnostic(`${what}: ${tasks.length} tasks longer than 50 ms, the longest ${Math.max(0, ...tasks)} ms`);
    assert.ok(Math.max(0, ...tasks) < STALL, `${what} does not stall the page: ${tasks}`);
  };
  await page.reload();
  await isLive(page);
  await page.locator('[role=option]').first().waitFor();
  await told('opening the page');

  await page.locator('#list').focus();
  await until(page, 'the end of the list', async (songs) => {
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', cancelable: true }));
    await new Promise(requestAnimationFrame);
    return document.querySelector('.active')?.ariaPosInSet === String(songs);
  }, SONGS);
  await told('going to the end');
  assert.ok(await page.locator('[role=option]').count() < 100, 'only rows that can be seen exist');

  await page.evaluate(async () => {
    const list = document.querySelector('#list');
    for (let step = 0; step < 120; step++) {
      list.scrollTop = list.scrollHeight * Math.abs(Math.sin(step / 10));
      await new Promise(requestAnimationFrame);
    }
  });
  await told('scrolling to and fro');

  await close();
});
