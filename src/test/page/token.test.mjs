// The page against a server that asks for a token. Run by PageIT.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isLive, launch, open, sendByForm, until, untilState } from './browser.mjs';

let browser;

before(async () => { browser = await launch(); });
after(() => browser.close());

test('the token is asked for once, and again where it is wrong', async () => {
  const { page, close } = await open(browser, { refusals: [401] });
  const dialog = page.locator('dialog.ask');
  const answer = async (token) => {
    await page.getByRole('textbox', { name: 'Token' }).fill(token);
    await page.getByRole('button', { name: 'Go on' }).click();
  };
  await dialog.waitFor();
  assert.equal(await dialog.count(), 1, 'however many calls wait for it');

  await answer('not-the-token-at-all');
  await page.getByText('did not take that token').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await dialog.count(), 1, 'there is no way around it');
  await answer(process.env.CAMELODY_TOKEN);
  await isLive(page);
  assert.equal(await dialog.count(), 0);

  await sendByForm(page, { prompt: 'a song behind a door', title: 'Door', vendor: 'foxai' });
  await untilState(page, 'delivered');
  await until(page, 'the cover', () => document.querySelector('.cover img').naturalWidth > 0);
  await page.getByRole('button', { name: 'Play clip 1' }).click();
  await until(page, 'the audio to play', () => {
    const audio = document.querySelector('audio');
    return audio.duration > 0 && audio.currentTime > 0.2;
  });

  await page.reload();
  await isLive(page);
  assert.equal(await dialog.count(), 0, 'the tab has kept it');
  assert.equal(await page.evaluate(() => document.cookie + localStorage.length), '0', 'nothing else has');
  assert.doesNotMatch(page.url(), new RegExp(process.env.CAMELODY_TOKEN));

  await close();
});
