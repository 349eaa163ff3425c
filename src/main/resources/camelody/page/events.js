import { request } from './api.js';

/** The server sends a comment every 15 seconds: a line that says nothing for so long is dead. */
const SILENCE = 40_000;
const LONGEST_WAIT = 30_000;

/**
 * Follows the server's events for as long as the page lives, and goes on from the last one after an interruption.
 *
 * @param onOpen called with whether the line goes on from where it was; if not, what happened meanwhile is not told
 * @param onEvent called with each event's data
 * @param onLost called with the milliseconds until the next try
 */
export async function follow({ onOpen, onEvent, onLost }) {
  let last = null;
  let failures = 0;
  for (;;) {
    const line = new AbortController();
    let watch = 0;
    const heard = () => {
      clearTimeout(watch);
      watch = setTimeout(() => line.abort(), SILENCE);
    };
    try {
      const headers = { Accept: 'text/event-stream', ...(last !== null && { 'Last-Event-ID': last }) };
      const response = await request('events', { headers, signal: line.signal });
      heard();
      failures = 0;
      onOpen(last !== null);
      for await (const { id, data } of read(response.body, heard)) {
        last = id ?? last;
        onEvent(JSON.parse(data));
      }
    } catch (error) {
      console.debug('The line of events ended:', error.message);
    } finally {
      clearTimeout(watch);
      line.abort();
    }
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** failures++) * (0.75 + Math.random() / 2);
    onLost(wait);
    await pause(wait);
  }
}

/** Ends early when the machine has a network again. */
function pause(millis) {
  return new Promise((over) => {
    setTimeout(over, millis);
    addEventListener('online', over, { once: true });
  });
}

/** Server-sent events, as far as this server uses them: `id`, `event`, `data` and comments. */
async function* read(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let id = null;
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    heard();
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '' && data.length) {
        yield { id, data: data.join('\n') };
        data = [];
      } else if (line.startsWith('id:')) {
        id = line.slice(3).trim();
      } else if (line.startsWith('data:')) {
        data.push(line.slice(5).trimStart());
      }
    }
  }
}
