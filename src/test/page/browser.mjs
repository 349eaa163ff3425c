// The browser that the page is tested in, and what every test of it wants to know.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const URL_OF_SERVER = process.env.CAMELODY_URL;

const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required', '--mute-audio',
];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS });

/**
 * A tab of its own, without anything that another one has kept. What it may not do is asserted by `close`: call another
 * server, complain on its console, or throw.
 *
 * @param refusals statuses that the test provokes: the browser writes each to its console
 */
export async function open(browser, { path = '', refusals = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  const expected = refusals.map((status) => `the server responded with a status of ${status}`);
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type()) && !expected.some((each) => line.text().includes(each))) {
      complaints.push(`${line.type()}: ${line.text()}`);
    }
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(URL_OF_SERVER) && !request.url().startsWith('blob:')) {
      complaints.push(`called: ${request.url()}`);
    }
  });
  await page.goto(`${URL_OF_SERVER}/${path}`);
  const close = async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  };
  return { page, close };
}

/** Waits until a condition in the page holds. */
export async function until(page, what, condition, ...values) {
  const end = Date.now() + 30_000;
  while (!await page.evaluate(condition, ...values)) {
    assert.ok(Date.now() < end, `waited for: ${what}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}

export const isLive = (page) => until(page, 'the line of events', () => document.querySelector('#connection').textContent === 'Live');

/** Sends a request by the form, as a person does, and leaves its song open. */
export async function sendByForm(page, fields) {
  await page.getByRole('button', { name: 'New song' }).first().click();
  await fill(page, fields);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator('#send').waitFor({ state: 'hidden' });
}

export async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    await page.locator(`#send [name="${name}"]`).fill(value);
  }
}

/** Waits until the open song is in a state, without anybody reloading. */
export async function untilState(page, state) {
  await page.locator('#song .badge', { hasText: new RegExp(`^${state}$`) }).waitFor({ timeout: 30_000 });
}

export const states = (page) => page.locator('.timeline li[data-state]:not([data-state=call]) strong').allTextContents();

/** Texts whose contrast with what is behind them is less than AA asks for. */
export function faintTexts(page) {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = (colour) => {
      const [red, green, blue] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element) => {
      for (let each = element; each; each = each.parentElement) {
        const colour = rgba(getComputedStyle(each).backgroundColor);
        if (colour[3] === 255) {
          return colour;
        }
      }
      return [255, 255, 255, 255];
    };
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    return [...document.querySelectorAll('body *')]
      .filter((element) => hasText(element) && element.checkVisibility() && !element.disabled)
      .map((element) => {
        const [one, other] = [light(rgba(getComputedStyle(element).color)), light(behind(element))];
        return { text: element.textContent.trim(), ratio: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) };
      })
      .filter(({ ratio }) => ratio < 4.5)
      .map(({ text, ratio }) => `${ratio.toFixed(2)} ${text.slice(0, 40)}`);
  });
}

/** What is wider than the screen, or than what it lies in; the strip of states alone may be scrolled sideways. */
export function wideThings(page) {
  return page.evaluate((width) => [...document.querySelectorAll('*')]
    .filter((element) => {
      const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
      return element.checkVisibility() && element.id !== 'states'
        && (scrolls && element.scrollWidth > element.clientWidth || element === document.documentElement && element.scrollWidth > width);
    })
    .map((element) => `${element.tagName} ${element.id} ${element.className}`), page.viewportSize().width);
}
