'use strict';
const songs = document.querySelectorAll('.songs > li');
const audio = document.querySelector('audio');
const playing = document.getElementById('playing');
let current = -1;

function play(number) {
  if (number < 0 || number >= songs.length) {
    return;
  }
  songs[current]?.classList.remove('current');
  current = number;
  const song = songs[number];
  song.classList.add('current');
  song.scrollIntoView({ block: 'nearest' });
  document.querySelector('footer').hidden = false;
  playing.textContent = song.querySelector('h2').textContent;
  document.title = playing.textContent;
  audio.src = song.querySelector('a').href;
  audio.play().catch((error) => {
    if (error.name !== 'AbortError') {
      playing.textContent = `${song.querySelector('h2').textContent} cannot be played: ${error.message}`;
    }
  });
}

function show() {
  songs.forEach((song, number) => {
    const button = song.querySelector('.play');
    const isPlaying = number === current && !audio.paused;
    if (button.classList.toggle('playing', isPlaying) !== (button.dataset.deed === 'Pause')) {
      button.dataset.deed = isPlaying ? 'Pause' : 'Play';
      button.ariaLabel = `${button.dataset.deed} ${song.querySelector('h2').textContent}`;
    }
  });
}

document.querySelector('.songs').addEventListener('click', (event) => {
  const button = event.target.closest('.play');
  if (!button) {
    return;
  }
  const number = [...songs].indexOf(button.closest('li'));
  if (number !== current) {
    play(number);
  } else if (audio.paused) {
    audio.play();
  } else {
    audio.pause();
  }
});
document.getElementById('before').addEventListener('click', () => play(current - 1));
document.getElementById('next').addEventListener('click', () => play(current + 1));
audio.addEventListener('ended', () => play(current + 1));
audio.addEventListener('play', show);
audio.addEventListener('pause', show);
