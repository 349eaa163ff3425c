/** The states in the order in which a song goes through them. */
export const STATES = ['accepted', 'submitted', 'generated', 'delivered', 'in-doubt', 'failed', 'cancelled'];

const ENDED = new Set(['delivered', 'failed', 'cancelled']);

export const hasEnded = (state) => ENDED.has(state);

export const stateWord = (state) => state.replaceAll('-', ' ');

/** What a state means, for who meets it the first time. */
export const MEANING = {
  accepted: 'The request is good and on disk.',
  submitted: 'The vendor has given a task id.',
  streaming: 'The vendor has begun to play it.',
  generated: 'The task has ended and its clips are known.',
  delivered: 'Every sink has it.',
  'in-doubt': 'The paid call left, and nobody heard the answer.',
  failed: 'It ended without a song.',
  cancelled: 'A person ended it.',
};

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const WHOLE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const COUNT = new Intl.NumberFormat('en-GB');

export const count = (number) => COUNT.format(number);

export const songs = (number) => `${count(number)} ${number === 1 ? 'song' : 'songs'}`;

export const clock = (millis) => CLOCK.format(millis);

export const whole = (millis) => WHOLE.format(millis);

/** The time of a moment of today, the day of any other. */
export function moment(millis) {
  return new Date(millis).toDateString() === new Date().toDateString() ? clock(millis) : DAY.format(millis);
}

/** 0.4 s, 12 s, 4 min 05 s, 3 h 20 min, 2 d 4 h. */
export function length(millis) {
  const seconds = Math.max(0, millis / 1000);
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const two = (big, small, unit, each) => `${big} ${unit} ${String(small).padStart(each === 'h' ? 1 : 2, '0')} ${each}`;
  if (whole < 3600) {
    return two(Math.floor(whole / 60), whole % 60, 'min', 's');
  }
  const minutes = Math.floor(whole / 60);
  return minutes < 1440
    ? two(Math.floor(minutes / 60), minutes % 60, 'h', 'min')
    : two(Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), 'd', 'h');
}

/** 3:07, as players say it. */
export function playtime(seconds) {
  const whole = Math.floor(seconds || 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export const dollars = (amount) => `$${Number(amount).toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`;

export function bytes(number) {
  return number < 1_000_000 ? `${Math.round(number / 1000)} kB` : `${(number / 1_000_000).toFixed(1)} MB`;
}
