/** The summary after a call (通话小结). Drawn once per contact, so that nothing typed is lost to a change. */
import { h, show } from './dom.js';
import { pick, say } from './words.js';

export function showWrapUp(place, desk) {
  const { presence } = desk.state.me ?? {};
  place.hidden = presence?.status !== 'wrap-up';
  if (place.hidden) {
    delete place.dataset.contact;
    return place.replaceChildren();
  }
  if (place.dataset.contact === presence.contact) return;
  place.dataset.contact = presence.contact;
  draw(place, desk, presence);
}

function draw(place, desk, { contact, disposition }) {
  const choice = h('div', { class: 'choices', role: 'radiogroup', 'aria-label': say('disposition') },
    desk.state.centre.dispositions.map(({ code, name }) =>
      h('label', {}, h('input', { type: 'radio', name: 'disposition', value: code, required: true, checked: disposition?.code === code }), h('span', {}, pick(name)))));
  const note = h('textarea', { name: 'note', rows: 3, maxlength: 2000, placeholder: say('noteHint'), 'aria-label': say('note') });
  note.value = disposition?.note ?? '';
  const save = async (event) => {
    event.preventDefault();
    const code = new FormData(event.target).get('disposition');
    const kept = await desk.ask({ type: 'dispose', contact, disposition: { code, note: note.value } });
    if (kept) await desk.ask({ type: 'finish-wrap-up' });
  };
  show(place, h('form', { onsubmit: save },
    h('h2', {}, say('wrapUpFor')),
    choice, note,
    h('div', { class: 'actions row' },
      h('button', { class: 'big main', type: 'submit', 'data-alt': 's', title: 'Alt+S' }, say('doSave'), h('kbd', {}, 'Alt+S')),
      h('button', { class: 'big', type: 'button', 'data-alt': 'w', title: 'Alt+W', onclick: () => desk.ask({ type: 'finish-wrap-up' }) }, say('doSkip'), h('kbd', {}, 'Alt+W')))));
}
