import { get } from './api.js';
import { $, calmly, h, say } from './dom.js';
import { follow } from './events.js';
import { Filters, NO_FILTER, address, filter } from './filters.js';
import { SongList } from './list.js';
import { SendForm } from './send.js';
import { SongView } from './song.js';
import { Songs } from './songs.js';
import { Vendors } from './vendors.js';
import { songs as songCount, stateWord } from './words.js';

const songs = new Songs();
const vendors = new Vendors();
const filters = new Filters(go);
const list = new SongList($('#list'), songs, { onOpen: open, onNearEnd: more });
const view = new SongView($('#song'), { onClose: close, onCopy: (request) => form.open(request) });
const form = new SendForm({
  onSent: (receipt) => {
    say(`Sent. The song is ${stateWord(receipt.state)}.`);
    open(receipt.id);
  },
});

/** The view of the list as text; null until the first one is asked for, which is when what happens to it is heard. */
let listed = null;

/** Whether the list, or its next page, could not be read just now. */
let hasFailed = false;

/** What has come since the last frame. */
let happened = [];

/** @param asStep whether going back leads to where one is now */
function go(changes, asStep) {
  const hash = address();
  Object.entries(changes).forEach(([name, value]) => (value ? hash.set(name, value) : hash.delete(name)));
  const target = hash.size ? `#${hash}` : location.pathname;
  if (String(hash) !== String(address())) {
    history[asStep ? 'pushState' : 'replaceState'](null, '', target);
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

/** Brings the page to what the address says. */
function arrive() {
  const id = address().get('song');
  document.body.classList.toggle('has-song', id !== null);
  list.current = id;
  view.show(id);
  if (JSON.stringify(filter()) !== listed) {
    filters.show(filter());
    showCounts();
    if (listed !== null) {
      reload();
    }
  }
}

async function reload() {
  const wanted = filter();
  listed = JSON.stringify(wanted);
  list.reset();
  await listing(() => songs.show(wanted));
  if (listed === JSON.stringify(wanted)) {
    say(`${songs.hasMore ? 'More than ' : ''}${songCount(songs.list.length)} listed`);
  }
}

function more() {
  if (!songs.isLoading && !hasFailed) {
    listing(() => songs.more());
  }
}

function tryMore() {
  hasFailed = false;
  list.render();
}

/** Does what lists songs, and says instead of a list why there is none. */
async function listing(work) {
  try {
    hasFailed = false;
    await work();
    showNone();
  } catch (error) {
    hasFailed = true;
    showNone(error);
    if (songs.list.length > 0) {
      setTimeout(tryMore, 5000);
    }
  }
  list.render();
}

/** Drawn anew only where it says something else, so that its button stays under the pointer. */
function showNone(error) {
  const box = $('#none');
  const isFiltered = Object.keys(filter()).length > 0;
  const kind = error ? error.message : isFiltered ? 'no match' : 'no songs';
  box.hidden = songs.list.length > 0 || !error && songs.hasMore;
  if (box.hidden || box.dataset.kind === kind) {
    return;
  }
  box.dataset.kind = kind;
  box.classList.toggle('failed', Boolean(error));
  if (error) {
    box.replaceChildren(
      h('h3', {}, 'The list could not be read'),
      h('p', {}, error instanceof TypeError ? 'The server was not reached.' : error.message),
      h('button', { type: 'button', click: reload }, 'Try again'));
  } else if (isFiltered) {
    box.replaceChildren(
      h('h3', {}, 'No song matches'),
      h('button', { type: 'button', click: () => go(NO_FILTER, true) }, 'Show all songs'));
  } else {
    box.replaceChildren(
      h('h3', {}, 'No songs yet'),
      h('p', {}, 'Send a request here, drop a file into the inbox, or POST to /songs.'),
      h('button', { type: 'button', class: 'primary', click: () => form.open() }, 'New song'));
  }
}

const showCounts = () => filters.showCounts(vendors.counts(filter().vendor));

const refreshVendors = calmly(2000, async () => {
  try {
    vendors.show(await get('vendors'));
    showCounts();
  } catch (error) {
    console.debug('The vendors could not be read:', error.message);
  }
});

const refreshSong = calmly(300, () => view.refresh());

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
    if (!hasFailed && !songs.isLoading) {
      showNone();
    }
    list.render();
  });
}

function showConnection(status, text) {
  const place = $('#connection');
  place.dataset.status = status;
  place.textContent = text;
}

function start() {
  $('#new').addEventListener('click', () => form.open());
  $('#skip').addEventListener('click', (event) => {
    event.preventDefault();
    list.focus();
  });
  $('#song').addEventListener('keydown', (event) => event.key === 'Escape' && close());
  $('#vendors').open = matchMedia('(min-width: 60rem) and (min-height: 40rem)').matches;
  addEventListener('popstate', arrive);
  setInterval(refreshVendors, 5_000);
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
