import { get } from './api.js';
import { $, calmly, h, say } from './dom.js';
import { follow } from './events.js';
import { SongList } from './list.js';
import { SendForm } from './send.js';
import { SongView } from './song.js';
import { Songs } from './songs.js';
import { Vendors } from './vendors.js';
import { STATES, count, songs as songCount, stateWord } from './words.js';

const songs = new Songs();
const vendors = new Vendors();
const list = new SongList($('#list'), songs, { onOpen: open, onNearEnd: more });
const view = new SongView($('#song'), { onClose: close, onCopy: (request) => form.open(request) });
const form = new SendForm({
  onSent: (receipt) => {
    say(`Sent. The song is ${stateWord(receipt.state)}.`);
    open(receipt.id);
  },
});

const FILTERS = ['state', 'vendor', 'q'];

/** What the address says after the #: a view of the list, and the song that is open, so that both can be linked. */
const address = () => new URLSearchParams(location.hash.slice(1));

const filterOf = (hash) => Object.fromEntries(FILTERS.filter((name) => hash.get(name)).map((name) => [name, hash.get(name)]));

/** @param asStep whether going back leads to where one is now */
function go(changes, asStep) {
  const hash = address();
  Object.entries(changes).forEach(([name, value]) => (value ? hash.set(name, value) : hash.delete(name)));
  const target = `#${hash}`;
  if (target !== location.hash && !(target === '#' && location.hash === '')) {
    history[asStep ? 'pushState' : 'replaceState'](null, '', target === '#' ? location.pathname : target);
    arrive();
  }
}

function open(id) {
  go({ song: id }, true);
}

function close() {
  go({ song: null }, true);
  list.focus();
}

/** The filter of the list as text; null until the first one is asked for, when what happens to it is heard. */
let listed = null;

/** Brings the page to what the address says. */
function arrive() {
  const hash = address();
  const filter = filterOf(hash);
  const id = hash.get('song');
  document.body.classList.toggle('has-song', id !== null);
  list.current = id;
  view.show(id);
  if (JSON.stringify(filter) !== listed) {
    showFilter(filter);
    if (listed !== null) {
      reload();
    }
  }
}

function showFilter({ state = '', vendor = '', q = '' }) {
  const chip = [...$('#states').querySelectorAll('input')].find((input) => input.value === state);
  if (chip) {
    chip.checked = true;
  }
  const choice = $('#vendor-filter');
  if (vendor && ![...choice.options].some((option) => option.value === vendor)) {
    choice.append(h('option', {}, vendor));
  }
  choice.value = vendor;
  if ($('#q').value.trim() !== q) {
    $('#q').value = q;
  }
  showCounts();
}

async function reload() {
  const filter = filterOf(address());
  listed = JSON.stringify(filter);
  list.reset();
  await listing(() => songs.show(filter));
  if (listed === JSON.stringify(filter)) {
    say(`${songs.hasMore ? 'More than ' : ''}${songCount(songs.list.length)} listed`);
  }
}

function more() {
  if (!songs.isLoading && !hasFailed) {
    listing(() => songs.more());
  }
}

let hasFailed = false;

/** Does what lists songs, and says instead of a list why there is none. */
async function listing(work) {
  try {
    hasFailed = false;
    await work();
    showNone();
  } catch (error) {
    hasFailed = true;
    showNone(error);
  }
  list.render();
}

function showNone(error) {
  const box = $('#none');
  const isFiltered = FILTERS.some((name) => address().get(name));
  box.hidden = !error && songs.list.length > 0;
  box.classList.toggle('failed', Boolean(error));
  if (error) {
    box.replaceChildren(
      h('h3', {}, 'The list could not be read'),
      h('p', {}, error instanceof TypeError ? 'The server was not reached.' : error.message),
      h('button', { type: 'button', click: reload }, 'Try again'));
  } else if (isFiltered) {
    box.replaceChildren(
      h('h3', {}, 'No song matches'),
      h('button', { type: 'button', click: () => go({ state: null, vendor: null, q: null }, true) }, 'Show all songs'));
  } else {
    box.replaceChildren(
      h('h3', {}, 'No songs yet'),
      h('p', {}, 'Send a request here, drop a file into the inbox, or POST to /songs.'),
      h('button', { type: 'button', class: 'primary', click: () => form.open() }, 'New song'));
  }
}

function showCounts() {
  const counts = vendors.counts(address().get('vendor'));
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  $('#states').querySelectorAll('input').forEach((input) => {
    const number = input.value ? counts[input.value] : total;
    const place = input.parentElement.querySelector('b');
    place.textContent = count(number);
    input.parentElement.classList.toggle('nobody', number === 0);
  });
}

const refreshVendors = calmly(2000, async () => {
  try {
    vendors.show(await get('vendors'));
    showCounts();
  } catch (error) {
    console.debug('The vendors could not be read:', error.message);
  }
});

const refreshSong = calmly(300, () => view.refresh());

let happened = [];

/** What comes between two frames is taken in and drawn at once. */
function take(event) {
  if (happened.push(event) > 1) {
    return;
  }
  requestAnimationFrame(() => {
    const events = happened;
    happened = [];
    songs.apply(events);
    if (events.some((each) => each.id === view.id)) {
      refreshSong();
    }
    refreshVendors();
    showNone();
    list.render();
  });
}

function showConnection(status, text) {
  const place = $('#connection');
  place.dataset.status = status;
  place.textContent = text;
}

function wire() {
  $('#states').append(...['', ...STATES].map((state) => h('label', { 'data-state': state || 'all' },
    h('input', { type: 'radio', name: 'state', value: state, change: () => go({ state }, true) }),
    h('span', {}, state ? stateWord(state) : 'all', ' ', h('b', {})))));
  $('#filters').addEventListener('submit', (event) => event.preventDefault());
  let typing = 0;
  $('#q').addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => go({ q: $('#q').value.trim() }, false), 250);
  });
  $('#vendor-filter').addEventListener('change', (event) => go({ vendor: event.target.value }, true));
  $('#new').addEventListener('click', () => form.open());
  $('#skip').addEventListener('click', (event) => {
    event.preventDefault();
    list.focus();
  });
  $('#song').addEventListener('keydown', (event) => event.key === 'Escape' && close());
  $('#vendors').open = matchMedia('(min-width: 60rem) and (min-height: 40rem)').matches;
  addEventListener('popstate', arrive);
  setInterval(refreshVendors, 15_000);
}

function start() {
  wire();
  arrive();
  refreshVendors();
  follow({
    onOpen: (goesOn) => {
      showConnection('live', 'Live');
      if (!goesOn || hasFailed) {
        reload();
      }
      refreshVendors();
      refreshSong();
    },
    onEvent: take,
    onLost: (wait) => {
      showConnection('lost', `Connection lost, trying again in ${Math.ceil(wait / 1000)} s`);
      say('The connection to the server is lost. What is shown may be old.');
      if (listed === null) {
        reload();
      }
    },
  });
}

start();
