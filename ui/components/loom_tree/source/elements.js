// Elements, made without ever reading markup: foreign words become text and nothing else.

/** An element with attributes; words that are given become its text. */
export function el(name, attributes = {}, inside = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (typeof inside === 'string') made.textContent = inside;
  else made.append(...inside);
  return made;
}

/** Set an attribute where it is not so already. */
export function say(element, name, value) {
  const said = String(value);
  if (element.getAttribute(name) !== said) element.setAttribute(name, said);
}
