import { send, songPath } from './api.js';
import { ask } from './ask.js';
import { h } from './dom.js';

const TWICE = 'It may cost a second time: a task that the vendor has already taken is paid for all the same.';

/** What a person may do to a song in a state: a label, whether it is what one mostly wants, and the deed. */
export function deeds(song) {
  switch (song.state) {
    case 'accepted':
    case 'submitted':
    case 'generated':
      return [cancel(song)];
    case 'in-doubt':
      return [{ label: 'Resolve…', primary: true, act: () => resolve(song) }, cancel(song)];
    case 'failed':
    case 'cancelled':
      return [
        { label: 'Retry', primary: true, act: () => send('POST', songPath(song.id, '/retry')) },
        { label: 'Make again…', act: () => makeAgain(song) },
      ];
    default:
      return [];
  }
}

const cancel = (song) => ({
  label: 'Cancel…',
  act: async () => {
    const body = [h('p', {}, 'A task that the vendor has already taken is paid for all the same.')];
    const yes = await ask({ title: 'Cancel this song?', body, yes: 'Cancel it', no: 'Keep it', danger: true });
    return yes && send('DELETE', songPath(song.id));
  },
});

async function makeAgain(song) {
  const body = [h('p', {}, 'A new task is bought, and what there is of this song is forgotten.'), h('p', {}, TWICE)];
  const yes = await ask({ title: 'Make this song again?', body, yes: 'Make it again', danger: true });
  return yes && send('POST', songPath(song.id, '/retry'), { resubmit: true });
}

async function resolve(song) {
  const answer = await ask({ title: 'What became of the paid call?', body: choices(song), yes: 'Resolve', danger: true });
  if (answer === null) {
    return null;
  }
  const body = {
    task: { taskId: answer.get('taskId').trim() },
    resubmit: { resubmit: true },
    fail: { fail: true },
  }[answer.get('how')];
  return send('POST', songPath(song.id, '/resolve'), body);
}

function choices(song) {
  const vendor = song.tasks.at(-1)?.vendor ?? song.vendor;
  const task = h('input', { name: 'taskId', 'aria-label': 'Task id', placeholder: 'task id', spellcheck: 'false' });
  const choice = (value, title, text, ...more) => h('label', { class: 'choice' },
    h('input', { type: 'radio', name: 'how', value, required: true, change: () => { task.required = value === 'task'; } }),
    h('span', {}, h('strong', {}, title), h('small', {}, text), more));
  task.addEventListener('input', () => task.closest('label').querySelector('[type=radio]').click());
  return [
    choice('task', 'It was taken', `${vendor}’s own page shows the task: enter its id.`, task),
    choice('resubmit', 'Send it again', TWICE),
    choice('fail', 'Give it up', 'The song fails. It can be retried later.'),
  ];
}
