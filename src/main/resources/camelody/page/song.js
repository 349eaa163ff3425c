import { get, songPath } from './api.js';
import { clipCard, letGo } from './clips.js';
import { h, say } from './dom.js';
import { deeds } from './steering.js';
import { raw, timeline } from './timeline.js';
import { clock, dollars, length, stateWord } from './words.js';

/** The life of one song, beside the list. Parts that stay as they were are left alone, so that a clip plays on. */
export class SongView {
  #box;
  #onClose;
  #onCopy;
  #id = null;
  #state = null;
  #asked = 0;
  #drawn = 0;
  #parts = new Map();

  constructor(box, { onClose, onCopy }) {
    this.#box = box;
    this.#onClose = onClose;
    this.#onCopy = onCopy;
  }

  get id() {
    return this.#id;
  }

  /** Opens a song, or closes what is open for null. */
  async show(id) {
    if (id === this.#id) {
      return;
    }
    letGo(this.#box);
    this.#parts.clear();
    this.#box.replaceChildren();
    this.#id = id;
    this.#state = null;
    this.#box.hidden = id === null;
    if (id !== null) {
      this.#box.scrollTop = 0;
      await this.refresh();
      this.#box.querySelector('h2')?.focus({ preventScroll: true });
    }
  }

  /** Asks the server again about the song that is open. */
  async refresh() {
    const id = this.#id;
    if (id === null) {
      return;
    }
    const turn = ++this.#asked;
    try {
      const song = await get(songPath(id));
      if (id === this.#id && turn > this.#drawn) {
        this.#drawn = turn;
        this.#draw(song);
      }
    } catch (error) {
      if (id === this.#id && this.#parts.size === 0) {
        this.#box.replaceChildren(this.#head(id, []), h('p', { class: 'error', role: 'alert' }, error.message));
      }
    }
  }

  #draw(song) {
    if (this.#parts.size === 0) {
      this.#box.replaceChildren();
    }
    if (this.#state !== null && this.#state !== song.state) {
      say(`${titleOf(song)}: ${stateWord(song.state)}`);
    }
    this.#state = song.state;
    this.#part('head', [song.id, titleOf(song), song.state, song.reason, song.vendor, song.price, song.finishedAt],
      () => this.#head(titleOf(song), facts(song)));
    this.#part('deeds', [song.id, song.state], () => this.#deeds(song));
    this.#part('clips', [song.id, song.clips], () => clips(song));
    this.#part('sinks', [song.sinks], () => sinks(song.sinks ?? {}));
    this.#part('life', [song.events, song.tasks, song.message], () => section('Life', timeline(song)));
    this.#part('request', [song.request, song.written, song.notes], () => request(song));
    this.#part('raw', song, () => section('', raw('Everything, as JSON', JSON.stringify(song, null, 2))));
  }

  #part(name, data, make) {
    const news = JSON.stringify(data);
    const old = this.#parts.get(name);
    if (old?.news === news) {
      return;
    }
    const node = make();
    const open = old?.node.querySelectorAll('details') ?? [];
    node.querySelectorAll('details').forEach((details, index) => { details.open = Boolean(open[index]?.open); });
    if (old) {
      letGo(old.node);
      old.node.replaceWith(node);
    } else {
      this.#box.append(node);
    }
    this.#parts.set(name, { news, node });
  }

  #head(title, lines) {
    return h('header', {},
      h('button', { type: 'button', class: 'close', 'aria-label': 'Close', click: this.#onClose }, '×'),
      h('h2', { id: 'song-title', tabindex: -1 }, title),
      lines);
  }

  #deeds(song) {
    const trouble = h('p', { class: 'error', role: 'alert' });
    const run = async (button, act) => {
      trouble.textContent = '';
      button.disabled = true;
      try {
        await act();
        await this.refresh();
      } catch (error) {
        trouble.textContent = error.message;
      } finally {
        button.disabled = false;
      }
    };
    const buttons = deeds(song).map(({ label, primary, act }) => {
      const button = h('button', { type: 'button', class: primary && 'primary', click: () => run(button, act) }, label);
      return button;
    });
    const copy = h('button', { type: 'button', click: () => this.#onCopy(song.request) }, 'New one like it…');
    return h('div', { class: 'deeds' }, buttons, copy, trouble);
  }
}

const titleOf = (song) => song.request.title || song.written?.title || song.clips[0]?.title || song.id;

function facts(song) {
  const took = song.finishedAt && length(Date.parse(song.finishedAt) - Date.parse(song.acceptedAt));
  return [
    h('p', { class: 'facts' },
      h('span', { class: 'badge', 'data-state': song.state }, stateWord(song.state)),
      h('span', {}, song.vendor),
      song.price > 0 && h('span', {}, dollars(song.price)),
      took && h('span', {}, `took ${took}`),
      song.sandbox && h('span', { class: 'muted' }, 'sandbox')),
    h('p', { class: 'muted id' }, song.id),
  ];
}

function clips(song) {
  if (song.clips.length === 0) {
    return nothing();
  }
  return section('Clips', h('ol', { class: 'clips' }, song.clips.map((clip, index) => clipCard(song, clip, index + 1))));
}

/** How far each sink has come, from the moment that there is something for it. */
function sinks(sinks) {
  const rows = Object.entries(sinks).map(([name, { state, attempts, at, dueAt, message }]) => h('div', {},
    h('dt', {}, name),
    h('dd', {},
      state === 'due' ? 'waits' : stateWord(state),
      at && ` at ${clock(Date.parse(at))}`,
      attempts > 0 && dueAt && `, tried ${attempts === 1 ? 'once' : `${attempts} times`}, again at ${clock(Date.parse(dueAt))}`,
      message && h('p', { class: 'muted' }, message))));
  return rows.length ? section('Sinks', h('dl', { class: 'pairs' }, rows)) : nothing();
}

function request(song) {
  const fields = Object.entries(song.request).filter(([name]) => name !== 'id' && name !== 'title');
  return section('Request',
    h('dl', { class: 'pairs' }, fields.map(([name, value]) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, typeof value === 'string' ? value : JSON.stringify(value))))),
    song.written?.lyrics && raw('The lyrics that were written for it', song.written.lyrics),
    (song.notes ?? []).map((note) => h('p', { class: 'note' }, note)));
}

/** Keeps the place of a part that may come later. */
const nothing = () => h('div', { hidden: true });

const section = (title, ...content) => h('section', {}, title && h('h3', {}, title), ...content);
