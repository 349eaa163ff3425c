import { h } from './dom.js';

/**
 * Asks something in a dialog.
 *
 * @param no the word for going back; null where there is no way back
 * @return the dialog's form as FormData, or null if the person went back
 */
export function ask({ title, body = [], yes, no = 'Go back', danger = false }) {
  return new Promise((answered) => {
    let answer = null;
    const form = h('form', { method: 'dialog' },
      h('h2', { id: 'ask-title' }, title),
      ...body,
      h('div', { class: 'buttons' },
        no && h('button', { type: 'button', click: () => dialog.close() }, no),
        h('button', { class: danger ? 'danger' : 'primary' }, yes)));
    const dialog = h('dialog', { class: 'ask', 'aria-labelledby': 'ask-title' }, form);
    form.addEventListener('submit', () => { answer = new FormData(form); });
    dialog.addEventListener('cancel', (event) => no ?? event.preventDefault());
    dialog.addEventListener('close', () => {
      if (answer === null && no === null) {
        dialog.showModal();
        return;
      }
      dialog.remove();
      answered(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
