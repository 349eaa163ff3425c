// The page against a server that asks for no token. Run by PageIT; each test begins with what the ones before it left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  faintTexts, fill, isLive, launch, open, sendByForm, states, until, untilState, wideThings,
} from './browser.mjs';

let browser;

before(async () => { browser = await launch(); });
after(() => browser.close());

/** Lets the vendors' sandbox do something wrong. */
async function fault(text) {
  const answer = await fetch(`${process.env.CAMELODY_SANDBOX}/sandbox/faults`, { method: 'POST', body: text });
  assert.equal(answer.status, 200, await answer.text());
}

const row = (page, title) => page.locator('[role=option]', { has: page.getByText(title, { exact: true }) });

test('a ledger without songs says how to begin', async () => {
  const { page, close } = await open(browser);
  await isLive(page);

  await page.getByRole('heading', { name: 'No songs yet' }).waitFor();

  await close();
});

test('a song that is sent by the form moves to delivered before our eyes, and plays', async () => {
  const { page, close } = await open(browser);
  await isLive(page);

  await sendByForm(page, { prompt: 'a slow waltz about an empty harbour', title: 'Empty Harbour', vendor: 'foxai' });
  await untilState(page, 'delivered');

  assert.match(await row(page, 'Empty Harbour').innerText(), /delivered/);
  const life = await states(page);
  assert.deepEqual(life.filter((state) => state !== 'streaming'), ['accepted', 'submitted', 'generated', 'delivered']);
  await page.getByRole('button', { name: 'Play clip 1' }).click();
  await until(page, 'the audio to play', () => {
    const audio = document.querySelector('audio');
    return audio.duration > 0 && audio.currentTime > 0.2;
  });
  await until(page, 'the cover', () => document.querySelector('.cover img').naturalWidth > 0);
  const [played] = await Promise.all([page.evaluate(() => document.querySelector('audio').currentTime)]);
  await until(page, 'the audio to go on', (before) => document.querySelector('audio').currentTime > before, played);
  await page.getByRole('slider', { name: 'Position in clip 1' }).fill('5');
  await until(page, 'the audio to play from there', () => document.querySelector('audio').currentTime >= 5);
  await page.getByRole('button', { name: 'Pause clip 1' }).click();
  assert.equal(await page.evaluate(() => document.querySelector('audio').paused), true);

  await close();
});

test('what is wrong with a request stands at its field, and nothing is sent twice for it', async () => {
  const { page, close } = await open(browser, { refusals: [400, 422] });
  await isLive(page);

  await page.getByRole('button', { name: 'New song' }).first().click();
  await page.getByText('More fields').click();
  await fill(page, { prompt: 'two friends who meet again', styleWeight: '3', 'extend.at': '7' });
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator('[name=styleWeight][aria-invalid]').waitFor();

  assert.match(await page.locator('#error-styleWeight').innerText(), /number from 0 to 1, got: 3/);
  assert.notEqual(await page.locator('[data-error="extend.clipId"]').innerText(), '');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'styleWeight');
  assert.equal(await page.locator('[role=option]').count(), 1);

  await close();
});

test('a song that a vendor refused is shown as failed, and a retry brings it to its end', async () => {
  const { page, close } = await open(browser);
  await isLive(page);
  await fault('sunomusic:submit:1:status=400 body={"code": 400, "message": "invalid request"}');
  await sendByForm(page, { prompt: 'kites over the dunes', title: 'Kites <img src=x onerror=alert(1)>', vendor: 'sunomusic' });
  await untilState(page, 'failed');
  await page.getByRole('radio', { name: /^failed/ }).check();
  await row(page, 'Kites <img src=x onerror=alert(1)>').waitFor();
  assert.match(page.url(), /state=failed/);

  await page.getByRole('button', { name: 'Retry' }).click();
  await untilState(page, 'delivered');

  assert.equal(await row(page, 'Kites <img src=x onerror=alert(1)>').count(), 0, 'it has left the list of those that failed');
  await page.getByRole('heading', { name: 'No song matches' }).waitFor();
  assert.equal(await page.locator('main img[src=x]').count(), 0);

  await close();
});

test('cancelling asks first', async () => {
  const { page, close } = await open(browser);
  await isLive(page);
  await fault('foxai:submit:1:word=queued');
  await sendByForm(page, { prompt: 'a song that takes for ever', title: 'For Ever', vendor: 'foxai' });
  await untilState(page, 'submitted');

  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  assert.match(await row(page, 'For Ever').innerText(), /submitted|streaming/);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel it' }).click();
  await untilState(page, 'cancelled');

  await close();
});

test('a doubt is resolved by giving the song up, with the answer of the vendor before our eyes', async () => {
  const { page, close } = await open(browser);
  await isLive(page);
  await fault('foxai:submit:1:no-id');
  await sendByForm(page, { prompt: 'a march for nobody', title: 'Nobody', vendor: 'foxai' });
  await untilState(page, 'in doubt');

  await page.getByText('The vendor’s answer').click();
  assert.notEqual(await page.locator('.timeline pre').innerText(), '');
  await page.getByRole('button', { name: 'Resolve…' }).click();
  await page.getByRole('radio', { name: 'Send it again' }).waitFor();
  assert.match(await page.locator('dialog.ask').innerText(), /cost a second time/);
  await page.getByRole('radio', { name: 'Give it up' }).check();
  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await untilState(page, 'failed');

  assert.match(await page.locator('.timeline').innerText(), /given up/);

  await close();
});

test('a view can be linked: state, vendor, text and song', async () => {
  const { page, close } = await open(browser, { path: '#state=failed&vendor=foxai&q=nobody' });

  await row(page, 'Nobody').waitFor();

  assert.equal(await page.locator('[role=option]').count(), 1);
  assert.equal(await page.getByRole('radio', { name: /^failed/ }).isChecked(), true);
  assert.equal(await page.locator('#q').inputValue(), 'nobody');
  await page.locator('#q').fill('');
  await page.locator('#vendor-filter').selectOption('sunomusic');
  await page.getByRole('heading', { name: 'No song matches' }).waitFor();
  await page.goBack();
  await row(page, 'Nobody').waitFor();

  await close();
});

test('the keyboard alone is enough, and shows where it is', async () => {
  const { page, close } = await open(browser);
  await isLive(page);
  await row(page, 'Empty Harbour').waitFor();
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  const isMarked = () => page.evaluate(() => {
    const element = document.activeElement;
    const shown = element.type === 'radio' ? element.nextElementSibling : element;
    return getComputedStyle(shown).outlineStyle !== 'none';
  });

  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'skip');
  const stops = [];
  while (await focused() !== 'list') {
    assert.ok(await isMarked(), `the focus is seen at ${await focused()}`);
    stops.push(await focused());
    assert.ok(stops.length < 20, `the list is reached: ${stops}`);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await untilState(page, 'delivered');
  await until(page, 'the focus on the song', () => document.activeElement.id === 'song-title');
  assert.equal(await page.locator('#song-title').innerText(), 'Empty Harbour');
  await page.keyboard.press('Escape');
  await until(page, 'the focus on the list', () => document.activeElement.id === 'list');
  assert.equal(await page.locator('#song').isVisible(), false);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await until(page, 'the newest song', () => document.querySelector('#song-title')?.textContent === 'Nobody');

  await page.locator('#new').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('a song for ten fingers');
  for (let i = 0; await focused() !== 'Send'; i++) {
    assert.ok(i < 20, 'Send is reached');
    await page.keyboard.press('Tab');
  }
  await page.locator('#send [name=vendor]').fill('foxai');
  await page.locator('#send .primary').focus();
  await page.keyboard.press('Enter');
  await untilState(page, 'delivered');

  await close();
});

test('a broken line of events is told, and made good', async () => {
  const { page, close } = await open(browser);
  await isLive(page);
  await page.route('**/events', (route) => route.fulfill({ status: 200, contentType: 'text/event-stream', body: ': gone\n\n' }));
  await page.reload();
  await page.getByText('Connection lost').waitFor();
  await row(page, 'Empty Harbour').waitFor();

  await page.unroute('**/events');

  await isLive(page);
  await close();
});

test('a phone needs no scrolling sideways', async () => {
  const { page, close } = await open(browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await isLive(page);
  await row(page, 'Empty Harbour').waitFor();
  assert.deepEqual(await wideThings(page), [], 'the list');
  await page.getByText('Vendors').click();
  assert.deepEqual(await wideThings(page), [], 'the vendors');

  await row(page, 'Empty Harbour').click();
  await page.getByRole('button', { name: 'Play clip 1' }).waitFor();
  assert.deepEqual(await wideThings(page), [], 'a song');
  assert.equal(await page.locator('#list').isVisible(), false);
  await page.getByText('Everything, as JSON').click();
  assert.deepEqual(await wideThings(page), [], 'a song as JSON');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.locator('#list').waitFor();
  await page.getByRole('button', { name: 'New song' }).first().click();
  await page.getByText('More fields').click();
  assert.deepEqual(await wideThings(page), [], 'the form');

  await close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`every text can be read in ${colorScheme}`, async () => {
    const { page, close } = await open(browser, { colorScheme, reducedMotion: 'reduce' });
    await isLive(page);
    await row(page, 'Empty Harbour').click();
    await page.getByRole('button', { name: 'Play clip 1' }).waitFor();
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]);
    assert.equal(Number(paper) < 128, colorScheme === 'dark');
    assert.deepEqual(await faintTexts(page), []);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0, 'nothing moves by itself');
    await page.getByRole('button', { name: 'New song' }).first().click();
    assert.deepEqual(await faintTexts(page), []);

    await close();
  });
}
