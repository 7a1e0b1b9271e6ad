/** Elements from plain calls. Text is always text: nothing that comes from a caller is ever read as markup. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Puts new content in place and leaves the keyboard where it was. */
export function show(place, ...children) {
  const focused = document.activeElement?.closest('[data-key]')?.dataset.key;
  place.replaceChildren(...children.flat(3).filter(Boolean));
  if (focused && !place.contains(document.activeElement)) place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}
