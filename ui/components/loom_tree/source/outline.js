// The outline: only the rows in sight are elements; the tree has the focus, a row is its active one.

import { el, say } from './elements.js';

const HEIGHT = 48;
const MARGIN = 6;
const DEEPEST = 10;
const SIGNS = { open: '○', kept: '●', pruned: '✕' };

export class Outline {
  constructor(acts) {
    this.acts = acts;
    this.rows = [];
    this.pool = new Map();
    this.space = el('div', { class: 'space', role: 'presentation' });
    this.element = el('div', { class: 'outline', role: 'tree', tabindex: '0', 'aria-label': 'Ideas' }, [this.space]);
    this.element.addEventListener('scroll', () => requestAnimationFrame(() => this.paint()));
    this.element.addEventListener('click', (event) => this.clicked(event));
    this.sight = new ResizeObserver(() => this.paint());
    this.sight.observe(this.element);
  }

  show(store, rows) {
    this.store = store;
    this.rows = rows;
    this.places = new Map(rows.map((each, n) => [each.row.id, n]));
    say(this.space, 'style', `height:${rows.length * HEIGHT}px`);
    this.paint();
  }

  clicked(event) {
    const found = event.target.closest('[data-id]');
    if (!found) return;
    if (event.target.closest('.twisty')) this.acts.toggle(found.dataset.id);
    else this.acts.select(found.dataset.id, true);
  }

  /** Bring the selected row into sight, a row's height from the edge where there is room. */
  follow() {
    const place = this.places?.get(this.store.selected);
    if (place === undefined) return;
    const { scrollTop, clientHeight } = this.element;
    const top = place * HEIGHT;
    const room = Math.min(HEIGHT, (clientHeight - HEIGHT) / 2);
    if (top - room < scrollTop) this.element.scrollTop = top - room;
    else if (top + HEIGHT + room > scrollTop + clientHeight) this.element.scrollTop = top + HEIGHT + room - clientHeight;
  }

  paint() {
    if (!this.store || !this.element.clientHeight) return;
    const first = Math.max(0, Math.floor(this.element.scrollTop / HEIGHT) - MARGIN);
    const last = Math.min(this.rows.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / HEIGHT) + MARGIN);
    const left = new Map(this.pool);
    const free = [];
    for (let n = first; n < last; n++) left.delete(this.rows[n].row.id);
    for (const [id, drawn] of left) {
      this.pool.delete(id);
      free.push(drawn);
    }
    for (let n = first; n < last; n++) {
      const id = this.rows[n].row.id;
      let drawn = this.pool.get(id);
      if (!drawn) {
        drawn = free.pop() ?? this.newRow();
        this.pool.set(id, drawn);
      }
      this.fill(drawn, n);
    }
    for (const drawn of free) drawn.element.remove();
    const active = this.pool.get(this.store.selected);
    if (active) say(this.element, 'aria-activedescendant', active.element.id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  newRow() {
    const part = Object.fromEntries(
      ['twisty', 'sign', 'move', 'title', 'badges'].map((name) => [name, el('span', { class: name })]),
    );
    say(part.twisty, 'aria-hidden', 'true');
    say(part.sign, 'role', 'img');
    const words = el('span', { class: 'words' }, [part.move, part.title]);
    const element = el('div', { role: 'treeitem' }, [part.twisty, part.sign, words, part.badges]);
    this.space.append(element);
    return { element, ...part };
  }

  fill(drawn, n) {
    const { row, depth, open } = this.rows[n];
    const { element } = drawn;
    const state = this.store.value(row, 'state');
    const isSelected = row.id === this.store.selected;
    const siblings = this.store.rows.get(row.parent)?.children ?? [row.id];
    say(element, 'id', `row-${row.id}`);
    element.dataset.id = row.id;
    say(element, 'class', `row ${state}${isSelected ? ' selected' : ''}${row.id === this.store.merging ? ' merging' : ''}`);
    say(element, 'style', `transform:translateY(${n * HEIGHT}px);padding-left:${4 + Math.min(depth, DEEPEST) * 16}px`);
    say(element, 'aria-level', depth + 1);
    say(element, 'aria-setsize', siblings.length);
    say(element, 'aria-posinset', siblings.indexOf(row.id) + 1);
    say(element, 'aria-selected', isSelected);
    if (row.children.length) say(element, 'aria-expanded', open);
    else element.removeAttribute('aria-expanded');
    words(drawn.twisty, row.children.length ? (open ? '▾' : '▸') : row.below ? '▸' : '');
    words(drawn.sign, row.parent === null ? '' : SIGNS[state]);
    say(drawn.sign, 'aria-label', row.parent === null ? 'start' : state);
    words(drawn.move, row.parent === null ? '' : row.move);
    words(drawn.title, this.store.value(row, 'title'));
    say(drawn.title, 'title', this.store.value(row, 'title'));
    words(drawn.badges, badges(this.store, row, open, depth));
  }
}

function badges(store, row, open, depth) {
  const rating = store.value(row, 'rating');
  const tags = row.tags.slice(0, 2).map((tag) => `#${tag}`);
  return [
    store.growing.has(row.id) ? '⋯ growing' : '',
    row.clash ? '⚠' : '',
    store.value(row, 'bookmarked') ? '★' : '',
    rating ? `${rating}/5` : '',
    row.notes ? `✎${row.notes > 1 ? row.notes : ''}` : '',
    ...tags,
    row.tags.length > 2 ? '…' : '',
    row.also ? '⋈' : '',
    row.below && !(open && row.children.length) ? `+${row.below}` : '',
    depth > DEEPEST ? `↧${depth}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function words(element, said) {
  if (element.textContent !== said) element.textContent = said;
}
