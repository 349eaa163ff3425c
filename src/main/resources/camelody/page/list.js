import { h } from './dom.js';
import { length, moment, stateWord } from './words.js';

/** Rows above and below the visible ones that are ready before they are scrolled to. */
const SPARE = 8;

/**
 * The list on the screen: only the rows that can be seen exist, so that ten thousand songs cost what thirty do.
 *
 * To the keyboard it is a listbox: arrows, Page Up and Down, Home and End move, Enter opens.
 */
export class SongList {
  #box;
  #rows;
  #songs;
  #onOpen;
  #onNearEnd;
  #shown = new Map();
  #spare = [];
  #active = null;
  #current = null;
  #first = null;
  #height = 0;
  #mustReveal = false;
  #frame = 0;

  constructor(box, songs, { onOpen, onNearEnd }) {
    this.#box = box;
    this.#rows = box.querySelector('.rows');
    this.#songs = songs;
    this.#onOpen = onOpen;
    this.#onNearEnd = onNearEnd;
    box.addEventListener('scroll', () => this.render(), { passive: true });
    box.addEventListener('keydown', (event) => this.#key(event));
    box.addEventListener('focus', () => this.#moveTo(this.#indexOf(this.#active) ?? 0));
    this.#rows.addEventListener('click', (event) => this.#click(event));
    new ResizeObserver(() => this.render()).observe(box);
  }

  /** The song whose life is open beside the list. */
  set current(id) {
    this.#current = id;
    this.#active = id ?? this.#active;
    this.#mustReveal = id !== null;
    this.render();
  }

  /** Begins at the top, for another view. */
  reset() {
    this.#active = null;
    this.#first = null;
    this.#box.scrollTop = 0;
    this.render();
  }

  focus() {
    this.#box.focus();
  }

  /** Draws with the next frame, however often it is called until then. */
  render() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const list = this.#songs.list;
    const height = this.#rowHeight();
    this.#rows.style.height = `${list.length * height}px`;
    this.#keepPlace(height);
    this.#reveal(height);
    const top = Math.max(0, Math.floor(this.#box.scrollTop / height) - SPARE);
    const end = Math.min(list.length, Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / height) + SPARE);
    const wanted = new Set(list.slice(top, end).map((song) => song.id));
    for (const [id, row] of this.#shown) {
      if (!wanted.has(id)) {
        this.#shown.delete(id);
        this.#spare.push(row);
      }
    }
    if (!wanted.has(this.#active)) {
      this.#box.removeAttribute('aria-activedescendant');
    }
    for (let index = top; index < end; index++) {
      this.#drawRow(list[index], index, height);
    }
    this.#spare.splice(0).forEach((row) => row.remove());
    if (this.#songs.hasMore && end > list.length - 8 * SPARE) {
      this.#onNearEnd();
    }
  }

  #drawRow(song, index, height) {
    const row = this.#shown.get(song.id) ?? this.#spare.pop() ?? newRow();
    if (!row.isConnected) {
      this.#rows.append(row);
    }
    this.#shown.set(song.id, row);
    row.id = `song-${song.id}`;
    row.dataset.song = song.id;
    row.style.transform = `translateY(${index * height}px)`;
    row.ariaPosInSet = index + 1;
    row.ariaSetSize = this.#songs.hasMore ? -1 : this.#songs.list.length;
    row.ariaSelected = String(song.id === this.#current);
    row.classList.toggle('active', song.id === this.#active);
    if (song.id === this.#active) {
      this.#box.setAttribute('aria-activedescendant', row.id);
    }
    const took = song.finishedAt ? length(song.finishedAt - song.acceptedAt) : '';
    const [state, title, id, vendor, duration, accepted] = row.cells;
    row.dataset.state = song.state;
    write(state, song.isStreaming ? 'streaming' : stateWord(song.state));
    write(title, song.title || song.id);
    write(id, song.reason ? stateWord(song.reason) : song.title ? song.id : '');
    write(vendor, song.vendor);
    write(duration, took);
    write(accepted, moment(song.acceptedAt));
  }

  /** Songs that come in above, or rows of another height, must not move what a person reads, but at the very top. */
  #keepPlace(height) {
    const first = this.#first;
    const index = first === null || this.#box.scrollTop < 1 ? null : this.#indexOf(first.id);
    if (index !== null && (index !== first.index || height !== this.#height)) {
      this.#box.scrollTop = index * height + this.#box.scrollTop % height;
    }
    this.#height = height;
    const top = Math.floor(this.#box.scrollTop / height);
    const song = this.#songs.list[top];
    this.#first = song ? { id: song.id, index: top } : null;
  }

  /** A song that was just opened, where the list has it. */
  #reveal(height) {
    const index = this.#mustReveal ? this.#indexOf(this.#current) : null;
    if (index !== null) {
      this.#mustReveal = false;
      this.#scrollTo(index, height);
    }
  }

  #rowHeight() {
    return parseFloat(getComputedStyle(this.#rows).getPropertyValue('--row'));
  }

  #indexOf(id) {
    const song = id === null ? undefined : this.#songs.find(id);
    const index = song ? this.#songs.list.indexOf(song) : -1;
    return index < 0 ? null : index;
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#rowHeight()) - 1);
    const last = this.#songs.list.length - 1;
    const at = this.#indexOf(this.#active) ?? 0;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last }[event.key];
    if (to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#moveTo(Math.min(last, Math.max(0, to)));
    } else if (event.key === 'Enter' && this.#indexOf(this.#active) !== null) {
      event.preventDefault();
      this.#onOpen(this.#active);
    }
  }

  #moveTo(index) {
    const song = this.#songs.list[index];
    if (!song) {
      return;
    }
    this.#active = song.id;
    this.#scrollTo(index, this.#rowHeight());
    this.render();
  }

  #scrollTo(index, height) {
    const top = index * height;
    if (top < this.#box.scrollTop) {
      this.#box.scrollTop = top;
    } else if (top + height > this.#box.scrollTop + this.#box.clientHeight) {
      this.#box.scrollTop = top + height - this.#box.clientHeight;
    }
  }

  #click(event) {
    const row = event.target.closest('[data-song]');
    if (row) {
      this.#active = row.dataset.song;
      this.#onOpen(this.#active);
    }
  }
}

function newRow() {
  const cells = ['state', 'title', 'id', 'vendor', 'took', 'accepted'].map((name) => h('span', { class: name }));
  const row = h('div', { role: 'option' }, cells);
  row.cells = cells;
  return row;
}

function write(cell, text) {
  if (cell.textContent !== text) {
    cell.textContent = text;
  }
}
