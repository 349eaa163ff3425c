import { send } from './api.js';
import { $, h } from './dom.js';

const NUMBERS = ['styleWeight', 'extend.at'];
const LISTS = ['vendor', 'sinks'];

/**
 * The form for a new song. However often it is sent while nobody hears the answer, it makes one song: all tries carry one
 * key, and the next song another.
 */
export class SendForm {
  #dialog = $('#send');
  #form = this.#dialog.querySelector('form');
  #onSent;
  #key = newKey();

  constructor({ onSent }) {
    this.#onSent = onSent;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#form.querySelector('[value=close]').addEventListener('click', () => this.#dialog.close());
    this.#form.querySelectorAll('label').forEach((label) => {
      label.append(h('span', { class: 'error', id: `error-${field(label).name}`, 'data-error': field(label).name }));
    });
  }

  /** Opens the form, with the fields of another song's request filled in or as it was left. */
  open(request) {
    if (request) {
      this.#form.reset();
      this.#fill(request);
    }
    this.#dialog.showModal();
    this.#form.elements.prompt.focus();
  }

  #fill(request) {
    const { id, labels, ...fields } = request;
    const flat = Object.entries(fields).flatMap(([name, value]) => isObject(value)
      ? Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, each])
      : [[this.#form.elements[name] ? name : `${name}.prompt`, value]]);
    for (const [name, value] of flat) {
      const input = this.#form.elements[name];
      if (input?.type === 'checkbox') {
        input.checked = value;
      } else if (input) {
        input.value = Array.isArray(value) ? value.join(', ') : value;
      }
    }
    const lines = Object.entries(labels ?? {}).map(([name, value]) => `${name} = ${value}`);
    this.#form.elements.labels.value = lines.join('\n');
  }

  async #submit() {
    const button = this.#form.querySelector('.primary');
    this.#showProblems([]);
    button.disabled = true;
    try {
      const request = this.#request();
      const headers = request.id ? {} : { 'Idempotency-Key': this.#key };
      const receipt = await send('POST', 'songs', request, headers);
      this.#key = newKey();
      this.#form.reset();
      this.#dialog.close();
      this.#onSent(receipt);
    } catch (error) {
      if (error.reason === 'key-reused') {
        this.#key = newKey();
      }
      this.#showProblems(error.problems?.length ? error.problems : [{ field: '', message: error.message }]);
    } finally {
      button.disabled = false;
    }
  }

  /** What the form says, and nothing about what it leaves empty. Whether it is right is the server's to say. */
  #request() {
    const request = {};
    for (const input of this.#form.elements) {
      const value = input.type === 'checkbox' ? input.checked : input.value.trim();
      if (!input.name || !value) {
        continue;
      }
      const [name, inner] = input.name.split('.');
      if (inner) {
        (request[name] ??= {})[inner] = valueOf(input.name, value);
      } else {
        request[name] = valueOf(name, value);
      }
    }
    return request;
  }

  #showProblems(problems) {
    this.#form.querySelectorAll('[data-error]').forEach((place) => { place.textContent = ''; });
    for (const input of this.#form.querySelectorAll('[aria-invalid]')) {
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
    }
    problems.forEach((problem) => this.#showProblem(problem));
    (this.#form.querySelector('[aria-invalid]') ?? this.#form.querySelector('.primary')).focus();
  }

  #showProblem({ field: name = '', message }) {
    const input = this.#inputOf(name);
    const place = this.#form.querySelector(`[data-error="${input?.name ?? ''}"]`);
    place.textContent = `${place.textContent} ${message}`.trim();
    if (input) {
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', place.id);
      input.closest('details')?.setAttribute('open', '');
    }
  }

  /** `sinks[0]` is about sinks, and `extend` about the first of its fields. */
  #inputOf(name) {
    const inputs = [...this.#form.elements].filter((input) => input.name);
    const bare = name.replace(/\[\d+\]$/, '');
    return bare === '' ? undefined
      : inputs.find((input) => input.name === bare)
        ?? inputs.find((input) => input.name.startsWith(`${bare}.`))
        ?? inputs.find((input) => bare.startsWith(`${input.name}.`));
  }
}

const field = (label) => label.querySelector('input, textarea, select');

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function valueOf(name, value) {
  if (NUMBERS.includes(name)) {
    return Number.isNaN(Number(value)) ? value : Number(value);
  }
  if (LISTS.includes(name)) {
    const names = value.split(',').map((each) => each.trim()).filter(Boolean);
    return name === 'vendor' && names.length === 1 ? names[0] : names;
  }
  return name === 'labels' ? labels(value) : value;
}

function labels(text) {
  const pairs = text.split('\n').filter((line) => line.trim()).map((line) => {
    const [name, ...value] = line.split('=');
    return [name.trim(), value.join('=').trim()];
  });
  return Object.fromEntries(pairs);
}

function newKey() {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return `page-${[...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
