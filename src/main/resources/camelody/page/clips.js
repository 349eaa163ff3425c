import { loadable, songPath } from './api.js';
import { h } from './dom.js';
import { bytes, playtime } from './words.js';

let playing = null;

/** A clip: its cover, what is known of it, and a player. One clip of the page plays at a time. */
export function clipCard(song, clip, number) {
  const path = songPath(song.id, `/clips/${number}`);
  const isHere = Boolean(clip.file);
  return h('li', { class: 'clip' },
    h('div', { class: 'cover' }, isHere && clip.image && cover(`${path}/cover`)),
    h('div', { class: 'about' },
      h('p', {}, h('strong', {}, `Clip ${number}`), ' ', h('span', { class: 'muted' }, facts(clip))),
      isHere ? player(`${path}/audio`, clip, `clip ${number}`) : h('p', { class: 'muted' }, notHere(clip))));
}

function facts(clip) {
  const format = clip.file?.split('.').pop().toUpperCase();
  return [format, clip.bytes && bytes(clip.bytes), clip.model].filter(Boolean).join(' · ');
}

function notHere(clip) {
  return clip.error ?? (clip.status === 'error' ? 'The vendor ended this one badly.' : 'Its audio is not here.');
}

function cover(path) {
  const image = h('img', { alt: '', width: 64, height: 64, error: () => image.remove() });
  loadable(path).then((url) => { image.src = url; }, () => image.remove());
  return image;
}

function player(path, clip, name) {
  const audio = h('audio', { preload: 'none' });
  const button = h('button', { type: 'button', class: 'play', 'aria-label': `Play ${name}`, click: toggle });
  const seek = h('input', {
    type: 'range', min: 0, max: clip.seconds || 1, step: 0.1, value: 0, 'aria-label': `Position in ${name}`,
    input: () => { audio.currentTime = seek.value; show(); },
  });
  const time = h('span', { class: 'time' });
  const trouble = h('p', { class: 'error', role: 'alert' });

  function toggle() {
    if (audio.paused) {
      play().catch((error) => { trouble.textContent = `It cannot be played: ${error.message}`; });
    } else {
      audio.pause();
    }
  }

  async function play() {
    trouble.textContent = '';
    if (!audio.src) {
      audio.src = await loadable(path);
    }
    playing?.pause();
    playing = audio;
    await audio.play();
  }

  function show() {
    const isPlaying = !audio.paused;
    button.classList.toggle('playing', isPlaying);
    button.ariaLabel = `${isPlaying ? 'Pause' : 'Play'} ${name}`;
    const seconds = audio.duration || clip.seconds || 0;
    seek.max = seconds || 1;
    seek.value = audio.currentTime;
    seek.ariaValueText = `${playtime(audio.currentTime)} of ${playtime(seconds)}`;
    time.textContent = `${playtime(audio.currentTime)} / ${playtime(seconds)}`;
  }

  ['play', 'pause', 'timeupdate', 'durationchange', 'ended'].forEach((name) => audio.addEventListener(name, show));
  show();
  return h('div', { class: 'player' }, audio, button, seek, time, trouble);
}

/** Stops what plays, and lets go of what was loaded for the cards in an element. */
export function letGo(element) {
  element.querySelectorAll('audio, img').forEach((media) => {
    if (media.tagName === 'AUDIO') {
      media.pause();
    }
    if (media.src.startsWith('blob:')) {
      URL.revokeObjectURL(media.src);
    }
  });
}
