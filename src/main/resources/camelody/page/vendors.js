import { $, h } from './dom.js';
import { STATES, count, dollars, moment, stateWord } from './words.js';

/** Pace and cost of each vendor, the counts of the states, and the vendors' names where one is chosen. */
export class Vendors {
  #vendors = null;
  #shown = '';

  show(vendors) {
    const news = JSON.stringify(vendors);
    if (news === this.#shown) {
      return;
    }
    this.#shown = news;
    this.#vendors = vendors;
    const known = vendors.filter((vendor) => vendor.inUse || total(vendor.songs) > 0);
    const spent = known.reduce((sum, vendor) => sum + vendor.spent.today, 0);
    $('#spent').textContent = `${dollars(spent)} today`;
    $('#vendor-cards').replaceChildren(...known.map(card));
    const names = known.map((vendor) => vendor.name);
    $('#vendor-names').replaceChildren(...['auto', ...names].map((name) => h('option', { value: name })));
    const filter = $('#vendor-filter');
    const missing = names.filter((name) => ![...filter.options].some((option) => option.value === name));
    filter.append(...missing.map((name) => h('option', {}, name)));
  }

  /** How many songs there are in each state, of one vendor or, without a name, of all; null as long as nobody knows. */
  counts(name) {
    if (this.#vendors === null) {
      return null;
    }
    const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
    for (const vendor of this.#vendors) {
      if (!name || vendor.name === name) {
        STATES.forEach((state) => { counts[state] += vendor.songs[state] ?? 0; });
      }
    }
    return counts;
  }
}

const total = (songs) => Object.values(songs).reduce((sum, number) => sum + number, 0);

function card(vendor) {
  const { pace, spent, songs, paused } = vendor;
  return h('li', {},
    h('div', {},
      h('h3', {}, vendor.name),
      !vendor.inUse && h('p', { class: 'muted' }, 'not in use'),
      paused && h('p', { class: 'paused' }, `Paused: ${paused.cause}${until(paused.until)}`)),
    h('dl', {},
      figure('running', `${count(pace.running)} of ${count(pace.maxRunning)}`),
      figure('a second', Number(pace.submitRate.toFixed(2))),
      figure('today', dollars(spent.today)),
      figure('in all', dollars(spent.total))),
    bar(songs));
}

const figure = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

function until(at) {
  return at ? `, until ${moment(Date.parse(at))}` : '';
}

/** The states of a vendor's songs as lengths. */
function bar(songs) {
  const parts = STATES.filter((state) => songs[state] > 0);
  const words = parts.map((state) => `${count(songs[state])} ${stateWord(state)}`).join(', ');
  const box = h('div', { class: 'bar', role: 'img', 'aria-label': words || 'no songs', title: words });
  for (const state of parts) {
    const part = h('span', { 'data-state': state });
    part.style.flexGrow = songs[state];
    box.append(part);
  }
  return box;
}
