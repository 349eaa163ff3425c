import { get } from './api.js';
import { hasEnded } from './words.js';

/** As many as one answer takes a blink to read, and as a person scrolls through in a while. */
const PAGE = 200;

/**
 * The songs of a view, newest first: those that the server has listed so far, as they are since.
 *
 * A song that begins to match the view is put in its place, one that no longer does is taken out. Songs that are older
 * than what has been listed come with the next page.
 */
export class Songs {
  #filter = {};
  #byId = new Map();
  #list = [];
  #next = null;
  #oldest = undefined;
  #loading = null;
  #waiting = [];
  #view = 0;

  get list() {
    return this.#list;
  }

  get hasMore() {
    return this.#next !== null;
  }

  get isLoading() {
    return this.#loading !== null;
  }

  find(id) {
    return this.#byId.get(id);
  }

  /** Begins a view anew. The old one is there until the server has answered. @throws what the server said no with */
  async show(filter) {
    this.#filter = filter;
    this.#view++;
    this.#loading = null;
    await this.#load(null);
  }

  /** Lists the next page, unless one is being listed. */
  async more() {
    if (this.#next !== null && this.#loading === null) {
      await this.#load(this.#next);
    }
  }

  async #load(after) {
    const view = this.#view;
    const query = new URLSearchParams({ ...this.#filter, limit: PAGE, ...(after !== null && { after }) });
    const loading = get(`songs?${query}`);
    this.#loading = loading;
    try {
      const { songs, next } = await loading.finally(() => {
        if (after === null && view === this.#view) {
          this.#clear();
        }
      });
      if (view === this.#view) {
        songs.forEach((song) => this.#put(fromSummary(song)));
        this.#next = next ?? null;
        this.#settle();
        this.#oldest = this.#list.at(-1);
      }
    } catch (error) {
      if (view === this.#view) {
        throw error;
      }
    } finally {
      if (view === this.#view) {
        this.#loading = null;
        this.apply(this.#waiting.splice(0));
      }
    }
  }

  #clear() {
    this.#byId.clear();
    this.#list = [];
    this.#next = null;
  }

  /** Takes in what has happened. While a page is being listed it waits, so that the older word does not win. */
  apply(events) {
    if (this.#loading !== null) {
      this.#waiting.push(...events);
      return;
    }
    events.forEach((event) => this.#take(event));
    this.#settle();
  }

  #take(event) {
    const known = this.#byId.get(event.id);
    const song = known ? Object.assign(known, changes(event)) : fromEvent(event);
    if (!this.#matches(song, Boolean(known))) {
      this.#byId.delete(song.id);
    } else if (known || !this.#isBeyondList(song)) {
      this.#put(song);
    }
  }

  #put(song) {
    const known = this.#byId.get(song.id);
    if (known) {
      Object.assign(known, song);
    } else {
      this.#byId.set(song.id, song);
      this.#list.push(song);
    }
  }

  /** Once for many changes: a list of ten thousand is not gone through for each. */
  #settle() {
    if (this.#list.length !== this.#byId.size) {
      this.#list = this.#list.filter((song) => this.#byId.has(song.id));
    }
    this.#list.sort(newestFirst);
  }

  #isBeyondList(song) {
    return this.#next !== null && this.#oldest !== undefined && newestFirst(this.#oldest, song) < 0;
  }

  /** What the server has listed for a text has it, maybe in its prompt, which is not here. */
  #matches(song, isListed) {
    const { state, vendor, q } = this.#filter;
    const text = `${song.id} ${song.title ?? ''}`.toLowerCase();
    return (!state || song.state === state) && (!vendor || song.vendor === vendor)
      && (!q || isListed || text.includes(q.toLowerCase()));
  }
}

const newestFirst = (one, other) => other.acceptedAt - one.acceptedAt || (one.id < other.id ? 1 : -1);

function fromSummary(summary) {
  return {
    id: summary.id,
    title: summary.title,
    vendor: summary.vendor,
    state: summary.state,
    reason: summary.reason,
    acceptedAt: Date.parse(summary.acceptedAt),
    finishedAt: summary.finishedAt ? Date.parse(summary.finishedAt) : null,
  };
}

function fromEvent(event) {
  return {
    id: event.id,
    title: event.title,
    state: event.state,
    acceptedAt: Date.parse(event.acceptedAt ?? event.at),
    ...changes(event),
  };
}

/** What an event says of a song. That it streams is no state of its own. */
function changes(event) {
  if (event.state === 'streaming') {
    return { state: 'submitted', isStreaming: true };
  }
  return {
    vendor: event.vendor,
    state: event.state,
    reason: event.reason ?? null,
    isStreaming: false,
    finishedAt: hasEnded(event.state) ? Date.parse(event.at) : null,
  };
}
