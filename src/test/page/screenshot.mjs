// Makes the picture of the page for the README: node screenshot.mjs src/docs/page.png
// CAMELODY_URL names a server that was started with --sandbox on an empty home, CHROMIUM the browser.
import { URL_OF_SERVER, isLive, launch, open, until, untilState } from './browser.mjs';

const SONGS = [
  ['the-first-train', 'The First Train', 'foxai', 'a brass band at a station before sunrise', 'brass, march, hopeful'],
  ['tea-house', 'Tea House in the Rain', 'foxai', 'rain on a paper roof', 'koto, ambient'],
  ['salt-and-sugar', 'Salt and Sugar', 'sunomusic', 'two cooks who cannot agree', 'funk, clavinet'],
  ['night-ferry', 'Night Ferry', 'foxai', 'the last ferry, and who is on it', 'piano ballad'],
  ['kites', 'Kites', 'sunomusic', 'kites over the dunes', 'indie folk, ukulele'],
  ['radio-tower', 'Radio Tower', 'foxai', 'a lonely radio engineer', 'synthwave'],
  ['grandmothers-clock', 'Grandmother’s Clock', 'sunomusic', 'a clock that runs backwards', 'music box, waltz'],
  ['bakery-at-five', 'Warm by Five', 'foxai', 'a jingle for a bakery that opens at five', 'handclaps, jingle'],
  ['river-song', 'River Song', 'sunomusic', 'a river that forgets its name', 'choir, strings'],
  ['letters', 'Letters Never Sent', 'foxai', 'letters in a drawer', 'acoustic, female voice'],
  ['harbour', 'Empty Harbour', 'foxai', 'a slow waltz about an empty harbour', 'waltz, accordion'],
  ['lighthouse', 'The Keeper’s Book', 'sunomusic', 'a lighthouse keeper who writes down every ship', 'sea shanty'],
  ['paper-boats', 'Paper Boats', 'foxai', 'children and a flooded street', 'bossa nova'],
  ['last-orders', 'Last Orders', 'sunomusic', 'a pub that closes for good', 'pub rock, piano'],
];
const OPEN = 'harbour';

const post = (requests) => fetch(`${URL_OF_SERVER}/songs`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(requests.map(([id, title, vendor, prompt, style]) => ({ id, title, vendor, prompt, style }))),
});

await post(SONGS.slice(0, 11));
const browser = await launch();
const { page, close } = await open(browser, { path: `#song=${OPEN}` });
await isLive(page);
await untilState(page, 'delivered');
await until(page, 'the cover', () => document.querySelector('.cover img').naturalWidth > 0);
await page.getByRole('button', { name: 'Play clip 1' }).click();
await until(page, 'some seconds of it', () => document.querySelector('audio').currentTime > 2);
await post(SONGS.slice(11));
await until(page, 'open songs, and counts that know of them', () => {
  const rows = (state) => document.querySelectorAll(`[role=option][data-state=${state}]`).length;
  const chips = [...document.querySelectorAll('#states label:not([data-state=all])')];
  return rows('submitted') > 0 && chips.every((chip) => chip.querySelector('b').textContent === String(rows(chip.dataset.state)));
});
await page.mouse.move(640, 0);
await page.screenshot({ path: process.argv[2] });
await close();
await browser.close();
