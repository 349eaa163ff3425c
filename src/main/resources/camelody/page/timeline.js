import { h } from './dom.js';
import { MEANING, clock, dollars, length, stateWord, whole } from './words.js';

/** A song's life: its states and the paid calls between them, in the order in which they happened. */
export function timeline(song) {
  const entries = [...states(song), ...song.tasks.flatMap(calls)].sort(inOrder);
  return h('ol', { class: 'timeline' }, entries.map((entry, index) => {
    const since = index === 0 ? null : entry.at - entries[index - 1].at;
    return h('li', { 'data-state': entry.state ?? 'call' },
      h('time', { datetime: new Date(entry.at).toISOString(), title: whole(entry.at) }, clock(entry.at)),
      h('div', {},
        h('p', {}, h('strong', {}, entry.what), since !== null && h('span', { class: 'since' }, `+${length(since)}`)),
        entry.lines.filter(Boolean).map((line) => h('p', { class: 'muted' }, line)),
        entry.answer && raw('The vendor’s answer', entry.answer)));
  }));
}

/** What happens in one millisecond: a song is accepted before it is asked for, and ends because its task has ended. */
const inOrder = (one, other) => one.at - other.at || rank(one) - rank(other);

const rank = ({ state }) => (state === 'accepted' ? 0 : state ? 2 : 1);

/** A text as it came, folded away until somebody wants it. */
export function raw(title, text) {
  return h('details', { class: 'raw' }, h('summary', {}, title), h('pre', { tabindex: 0 }, text));
}

function states(song) {
  const last = song.events.length - 1;
  return song.events.map(({ at, state, reason }, index) => ({
    at: Date.parse(at),
    state,
    what: stateWord(state),
    lines: [
      reason && stateWord(reason),
      index === last && song.message ? song.message : MEANING[state],
    ],
  }));
}

const OUTCOMES = {
  intended: 'It is under way.',
  made: null,
  'not-made': 'The vendor certainly did not take it.',
  unknown: 'Nobody heard the answer.',
};

function calls(task) {
  const cost = task.price > 0 ? `, ${dollars(task.price)}` : '';
  const entries = [{
    at: Date.parse(task.intendedAt),
    what: `${task.vendor} asked for the ${task.step}${cost}`,
    lines: [task.taskId && `task ${task.taskId}`, OUTCOMES[task.outcome]],
    answer: !task.endedAt && task.answer && readable(task.answer),
  }];
  if (task.endedAt) {
    entries.push({
      at: Date.parse(task.endedAt),
      what: `${task.vendor} says: ${task.status ?? 'ended'}`,
      lines: [task.error],
      answer: task.answer && readable(task.answer),
    });
  }
  return entries;
}

/** JSON with line ends; anything else as it is. */
function readable(answer) {
  try {
    return JSON.stringify(typeof answer === 'string' ? JSON.parse(answer) : answer, null, 2);
  } catch {
    return answer;
  }
}
