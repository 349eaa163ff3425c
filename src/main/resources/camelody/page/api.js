import { ask } from './ask.js';
import { h } from './dom.js';

const KEPT_AS = 'camelody.token';

let asking = null;

/** What the server said no with: its problem document (RFC 9457), or what stands in for one. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The server answered with HTTP ${status}.`);
    this.reason = problem.reason;
    this.problems = problem.problems ?? [];
  }

  static async of(response) {
    const problem = await response.json().catch(() => ({}));
    return new Refusal(response.status, problem ?? {});
  }
}

/** Whether calls carry a token: then the browser cannot load audio and pictures by itself. */
export const hasToken = () => token() !== null;

const token = () => sessionStorage.getItem(KEPT_AS);

/**
 * Asks the server, and a person for the token where the server wants one.
 *
 * @throws {Refusal} for an answer that is no success
 * @throws {TypeError} if the server was not reached
 */
export async function request(path, options = {}) {
  for (;;) {
    const sent = token();
    const headers = sent === null ? options.headers : { ...options.headers, Authorization: `Bearer ${sent}` };
    const response = await fetch(path, { cache: 'no-store', ...options, headers });
    if (response.ok) {
      return response;
    }
    if (response.status !== 401) {
      throw await Refusal.of(response);
    }
    if (token() === sent) {
      await askForToken(sent !== null);
    }
  }
}

export const get = async (path) => (await request(path)).json();

export async function send(method, path, body, headers = {}) {
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const options = { method, headers: { ...headers, ...json } };
  const response = await request(path, body === undefined ? options : { ...options, body: JSON.stringify(body) });
  return response.json();
}

/** The path of a song, or of something under it. All paths are relative, so that the page may lie behind a proxy. */
export const songPath = (id, rest = '') => `songs/${encodeURIComponent(id)}${rest}`;

/** A URL that an element can load by itself: with a token, of a copy in memory, which lives until it is revoked. */
export async function loadable(path) {
  if (!hasToken()) {
    return path;
  }
  const response = await request(path);
  return URL.createObjectURL(await response.blob());
}

/** Once for all the calls that wait for it. */
function askForToken(wasWrong) {
  asking ??= ask({
    title: 'Token',
    body: [
      h('p', {}, wasWrong ? 'The server did not take that token.' : 'This server asks for a token.'),
      h('label', {}, 'Token', h('input', {
        type: 'password', name: 'token', required: true, autocomplete: 'current-password', autofocus: true,
      })),
      h('p', { class: 'muted' }, 'Kept in this tab until it is closed.'),
    ],
    yes: 'Go on',
    no: null,
  }).then((answer) => {
    asking = null;
    sessionStorage.setItem(KEPT_AS, answer.get('token').trim());
  });
  return asking;
}
