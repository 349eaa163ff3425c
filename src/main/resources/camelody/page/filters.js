import { $, h } from './dom.js';
import { STATES, count, stateWord } from './words.js';

const NAMES = ['state', 'vendor', 'q'];

/** What the address says after the #: a view of the list, and the song that is open, so that both can be linked. */
export const address = () => new URLSearchParams(location.hash.slice(1));

/** The view of the list that the address asks for: state, vendor and q, each only if it is there. */
export function filter() {
  const hash = address();
  return Object.fromEntries(NAMES.filter((name) => hash.get(name)).map((name) => [name, hash.get(name)]));
}

export const NO_FILTER = Object.fromEntries(NAMES.map((name) => [name, null]));

/** The controls above the list: which state, which vendor, which words. */
export class Filters {
  #states = $('#states');
  #vendor = $('#vendor-filter');
  #q = $('#q');

  /** @param go called with what shall change in the address, and whether that is a step to go back from */
  constructor(go) {
    this.#states.append(...['', ...STATES].map((state) => h('label', { 'data-state': state || 'all' },
      h('input', { type: 'radio', name: 'state', value: state, change: () => go({ state }, true) }),
      h('span', {}, state ? stateWord(state) : 'all', ' ', h('b', {})))));
    this.#vendor.addEventListener('change', () => go({ vendor: this.#vendor.value }, true));
    let typing = 0;
    this.#q.addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(() => go({ q: this.#q.value.trim() }, false), 250);
    });
    $('#filters').addEventListener('submit', (event) => event.preventDefault());
  }

  /** Brings the controls to what the address says. */
  show({ state = '', vendor = '', q = '' }) {
    for (const chip of this.#states.querySelectorAll('input')) {
      chip.checked = chip.value === state;
    }
    if (vendor && ![...this.#vendor.options].some((option) => option.value === vendor)) {
      this.#vendor.append(h('option', {}, vendor));
    }
    this.#vendor.value = vendor;
    if (this.#q.value.trim() !== q) {
      this.#q.value = q;
    }
  }

  /** @param counts how many songs there are in each state; null as long as nobody knows */
  showCounts(counts) {
    if (counts === null) {
      return;
    }
    const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
    for (const chip of this.#states.querySelectorAll('input')) {
      const number = chip.value ? counts[chip.value] : total;
      chip.parentElement.querySelector('b').textContent = count(number);
      chip.parentElement.classList.toggle('nobody', number === 0);
    }
  }
}
