import { h, show } from './dom.js';
import { pick, say } from './words.js';

export function showSignIn(page, onSignedIn) {
  page.className = 'alone';
  const kept = { agent: page.querySelector('[name=agent]')?.value ?? '', password: page.querySelector('[name=password]')?.value ?? '' };
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const button = h('button', { class: 'big main', type: 'submit' }, say('signInPage'));
  const agent = h('input', { name: 'agent', autocomplete: 'username', inputmode: 'numeric', pattern: '[0-9]{3,6}', required: true, maxlength: 6 });
  const password = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true, maxlength: 200 });
  agent.value = kept.agent;
  password.value = kept.password;

  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    trouble.textContent = '';
    try {
      const response = await fetch('/api/session', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ agent: agent.value, password: password.value }),
      });
      const answer = await response.json();
      if (response.ok) return onSignedIn(answer);
      trouble.textContent = pick(answer.text);
      password.select();
    } catch {
      trouble.textContent = say('offlineServer');
    }
    button.disabled = false;
  };

  show(page, h('form', { class: 'panel sign-in', onsubmit: submit },
    h('img', { src: 'icon.svg', alt: '', width: 56, height: 56 }),
    h('h1', {}, 'Rexian 热线'),
    h('p', { class: 'hint' }, say('signInHint')),
    h('label', {}, say('agent'), agent),
    h('label', {}, say('password'), password),
    trouble, button));
  agent.focus();
}
