// One tree on one page: its two views with one selection, its keys, and its talk with the server.

import css from './style.css';
import { el, say } from './elements.js';
import { KEYS, commandOf } from './keys.js';
import { Map_ } from './map.js';
import { Outline } from './outline.js';
import { Store } from './store.js';

const SETTLED_MS = 140;
const UNHEARD_MS = 3000;
const PAGE = 10;
const stores = new Map();
let lastNumber = 0;

export class Panel {
  constructor(parent) {
    this.store = new Store();
    this.outbox = [];
    this.goto = 0;
    this.view = 'outline';
    this.acts = {
      select: (id, at_once) => this.select(id, at_once),
      toggle: (id) => this.toggle(id),
      colours: () => this.colours(),
    };
    this.outline = new Outline(this.acts);
    this.map = new Map_(this.acts);
    this.build(parent);
    this.onKey = (event) => this.key(event);
    this.onClick = (event) => this.openAt(event);
    window.addEventListener('keydown', this.onKey, true);
    document.addEventListener('click', this.onClick);
  }

  // -- drawing ----------------------------------------------------------------------------------

  build(parent) {
    this.search = el('input', { type: 'search', class: 'search', placeholder: 'Search the titles  /', 'aria-label': 'Search the titles' });
    this.search.addEventListener('input', () => this.setFilter('words', this.search.value));
    this.states = this.choice('Any state', ['open', 'kept', 'pruned', 'bookmarked'], 'state');
    this.moves = this.choice('Any move', [], 'move');
    this.tags = this.choice('Any tag', [], 'tag');
    this.views = el('button', { type: 'button', title: 'Outline or map (v)' }, 'Map');
    this.views.addEventListener('click', () => this.run('view'));
    const help = el('button', { type: 'button', title: 'Keys (?)', 'aria-label': 'Keys' }, '?');
    help.addEventListener('click', () => this.run('help'));
    this.where = el('button', { type: 'button', class: 'where' });
    this.where.addEventListener('click', () => this.run('lower'));
    this.status = el('div', { class: 'status', role: 'status', 'aria-live': 'polite' });
    this.prompt = el('form', { class: 'prompt' });
    this.help = helpSheet(() => this.run('help'));
    this.waiting = el('div', { class: 'waiting' });
    this.body = el('div', { class: 'body' }, [this.outline.element, this.map.element, this.help]);
    const bar = el('div', { class: 'bar' }, [this.search, this.views, help]);
    const filters = el('div', { class: 'bar filters' }, [this.states, this.moves, this.tags]);
    const below = el('div', { class: 'below' }, [this.status, this.buttons()]);
    this.root = el('div', { class: 'loom' }, [bar, filters, this.where, this.body, this.waiting, this.prompt, below]);
    parent.append(el('style', {}, css), this.root);
    for (const part of [this.prompt, this.help, this.where, this.map.element]) part.hidden = true;
  }

  /** What the keys do to the tree, for fingers and for screen readers. */
  buttons() {
    const made = [['Grow', 'grow', 'e'], ['Grow…', 'growWith', 'E'], ['Merge', 'merge', 'm'], ['★', 'bookmark', 'b'], ['Tag', 'tag', 't'], ['Note', 'note', 'n'], ['Edit', 'edit', 'i'], ['Undo', 'undo', 'u'], ['Redo', 'redo', 'U']];
    return el('div', { class: 'acts' }, made.map(([words, name, key]) => {
      const button = el('button', { type: 'button', title: `${words} (${key})`, 'data-act': name }, words);
      button.addEventListener('click', () => this.run(name));
      return button;
    }));
  }

  choice(all, names, field) {
    const made = el('select', { 'aria-label': all });
    made.addEventListener('change', () => this.setFilter(field, made.value));
    fillChoice(made, all, names, '');
    return made;
  }

  draw(follow = true) {
    const { store } = this;
    this.rows = store.shown();
    if (!this.rows.some((each) => each.row.id === store.selected) && this.rows.length && !store.isFiltered()) {
      store.reveal(store.selected);
      this.rows = store.shown();
    }
    this.places = new Map(this.rows.map((each, n) => [each.row.id, n]));
    const view = this.view === 'map' ? this.map : this.outline;
    this.outline.element.hidden = this.view === 'map';
    this.map.element.hidden = this.view !== 'map';
    this.views.textContent = this.view === 'map' ? 'Outline' : 'Map';
    view.show(store, this.rows);
    if (follow) view.follow();
    this.where.hidden = !store.hoisted.length;
    this.where.textContent = store.hoisted.length ? `↥ only: ${store.base().title}` : '';
    this.say(this.summary());
  }

  summary() {
    const { store } = this;
    if (store.merging) return 'Merge with: choose the other idea and press m (Esc: not)';
    const counts = { open: 0, kept: 0, pruned: 0 };
    for (const row of store.rows.values()) if (row.parent !== null) counts[store.value(row, 'state')]++;
    const all = Math.max(0, (store.of || store.rows.size) - 1).toLocaleString('en');
    if (store.of) return `${all} ideas · reading …`;
    const found = store.isFiltered() ? ` · ${[...store.rows.values()].filter((row) => store.matches(row)).length} match` : '';
    return `${all} ideas · ${counts.kept} kept · ${counts.pruned} pruned${found} · ? for keys`;
  }

  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  colours() {
    const read = (name) => {
      this.status.style.color = `var(${name})`;
      return getComputedStyle(this.status).color;
    };
    const ink = {
      text: read('--st-text-color'), paper: read('--st-background-color'), tint: read('--st-secondary-background-color'),
      accent: read('--accent'), keep: read('--keep'), prune: read('--prune'), soft: read('--ink-soft'), line: read('--line'),
      font: getComputedStyle(this.root).fontFamily,
    };
    this.status.style.color = '';
    return ink;
  }

  // -- the server -------------------------------------------------------------------------------

  /** Take what the server says; called for every run of the page. */
  update({ data, setStateValue, setTriggerValue }) {
    this.setState = setStateValue;
    this.trigger = setTriggerValue;
    if (!data) return;
    if (data.tree !== this.store.tree) this.open(data.tree);
    this.outbox = this.outbox.filter((each) => each.n > data.done);
    this.store.settle(data.done);
    if (!this.store.take(data)) {
      this.act('resync', {});
      return;
    }
    if (this.store.of && !this.store.asked) setTimeout(() => this.act('rest', {}), 0); // the top is drawn first
    this.store.asked = Boolean(this.store.of);
    fillChoice(this.moves, 'Any move', this.store.moves, this.store.filter.move);
    fillChoice(this.tags, 'Any tag', this.store.tags, this.store.filter.tag);
    this.tags.hidden = this.store.tags.length === 0;
    this.showWaiting(data.waiting || []);
    this.sent = data.goto?.n;
    const moved = data.goto && data.goto.n !== this.goto && this.store.rows.has(data.goto.id);
    if (moved) {
      this.goto = data.goto.n;
      this.store.selected = data.goto.id;
      this.store.reveal(data.goto.id);
    }
    this.draw(moved);
  }

  open(tree) {
    this.store = stores.get(tree) ?? new Store();
    stores.set(tree, this.store);
    this.search.value = this.store.filter.words;
    this.states.value = this.store.filter.state;
  }

  showWaiting(jobs) {
    const lines = jobs.map((job) => {
      const stop = el('button', { type: 'button' }, 'Cancel');
      stop.addEventListener('click', () => this.act('cancel', { id: job.id }));
      return el('div', { class: 'job' }, [el('span', { class: 'spin' }), el('span', {}, job.words), stop]);
    });
    this.waiting.replaceChildren(...lines);
    this.store.growing = new Set(jobs.map((job) => job.under));
  }

  /** Tell the server; what it has not confirmed is told again, and is done once all the same. */
  act(op, values) {
    lastNumber = Math.max(lastNumber + 1, Date.now());
    this.outbox.push({ n: lastNumber, tree: this.store.tree, op, ...values });
    this.tell();
    return lastNumber;
  }

  tell() {
    clearTimeout(this.again);
    if (!this.outbox.length) return;
    const isLost = this.outbox.some((each) => each.op === 'resync');
    this.trigger('act', { rev: isLost ? 0 : this.store.rev, acts: this.outbox });
    this.again = setTimeout(() => this.tell(), UNHEARD_MS);
  }

  /** A quote's link beside the tree: an ordinary click stays in this visit, others open a tab. */
  openAt(event) {
    const link = event.target.closest?.('a[href^="read?"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.act('openAt', { words: new URL(link.href).search.slice(1) });
  }

  select(id, at_once) {
    if (!this.store.rows.has(id)) return;
    this.store.selected = id;
    const view = this.view === 'map' ? this.map : this.outline;
    if (this.view === 'outline') this.outline.paint();
    else this.say(this.store.value(this.store.rows.get(id), 'title')); // a canvas tells nobody
    view.follow();
    clearTimeout(this.timer);
    const sent = this.sent; // once the server sends us elsewhere, this choice is an old one
    const tell = () => this.setState('sel', { id, rev: this.store.rev, n: sent });
    if (at_once) tell();
    else this.timer = setTimeout(tell, SETTLED_MS);
  }

  set(field, value, row = this.store.rows.get(this.store.selected)) {
    if (!row) return;
    const saw = this.store.value(row, field);
    if (saw === value) return;
    const n = this.act('set', { id: row.id, field, value, saw });
    this.store.expect(row.id, n, { [field]: value });
    this.draw();
  }

  // -- keys -------------------------------------------------------------------------------------

  key(event) {
    const target = event.composedPath()[0];
    const isOurs = event.composedPath().includes(this.root);
    if (isTyping(target)) {
      if (isOurs) this.keyWhileTyping(event);
      return;
    }
    if (!this.root.isConnected) return;
    if (document.querySelector('[role=dialog]')) {
      if (isFrameworks(event)) event.stopPropagation();
      return;
    }
    const isFree = isOurs || target === document.body || target === document.documentElement;
    const isPressing = !isFree || target.tagName === 'BUTTON';
    if (isPressing && (event.key.length > 1 || event.key === ' ')) return;
    const command = commandOf(event);
    const isPlain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (command || isPlain) event.stopPropagation(); // the framework's own r and c among them
    if (!command) return;
    event.preventDefault();
    if (!this.help.hidden && command.name !== 'help') this.help.hidden = true;
    this.run(command.name, command.number);
    if (!isTyping(this.root.getRootNode().activeElement)) this.focus();
  }

  keyWhileTyping(event) {
    event.stopPropagation();
    const inSearch = event.composedPath()[0] === this.search;
    if (event.key === 'Escape' || (inSearch && ['Enter', 'ArrowDown'].includes(event.key))) {
      event.preventDefault();
      if (event.key === 'Escape' && inSearch) this.clearSearch();
      if (event.key !== 'Escape' && inSearch) this.selectFirstMatch();
      this.prompt.hidden = true;
      this.focus();
    }
  }

  focus() {
    (this.view === 'map' ? this.map : this.outline).element.focus({ preventScroll: true });
  }

  run(name, number) {
    const { store } = this;
    const row = store.rows.get(store.selected);
    if (!row) return;
    const place = this.places.get(row.id) ?? -1; // a filter may hide it
    const step = (by) => this.select(this.rows[Math.min(Math.max(place + by, 0), this.rows.length - 1)]?.row.id);
    const siblings = store.rows.get(row.parent)?.children ?? [row.id];
    const beside = (by) => this.select(siblings[siblings.indexOf(row.id) + by]);
    const rating = store.value(row, 'rating');
    const does = {
      next: () => step(1), previous: () => step(-1),
      pageDown: () => step(PAGE), pageUp: () => step(-PAGE),
      first: () => step(-Infinity), last: () => step(Infinity),
      nextSibling: () => beside(1), previousSibling: () => beside(-1),
      outwards: () => (row.children.length && !store.closed.has(row.id) && row.id !== store.top() ? this.toggle(row.id) : this.select(row.parent)),
      inwards: () => (store.closed.has(row.id) ? this.toggle(row.id) : this.select(row.children[0])),
      keep: () => this.judge(row, 'kept'), prune: () => this.judge(row, 'pruned'), restore: () => this.judge(row, 'open'),
      bookmark: () => this.set('bookmarked', !store.value(row, 'bookmarked')),
      better: () => this.set('rating', Math.min(5, rating + 1)), worse: () => this.set('rating', Math.max(0, rating - 1)),
      tag: () => this.ask('Tag', '', (words) => this.act('tag', { id: row.id, words }), { list: store.tags }),
      note: () => this.ask('Note', '', (words) => this.act('note', { id: row.id, words })),
      edit: () => this.ask('Title', store.value(row, 'title'), (words) => this.set('title', words, row)),
      undo: () => this.act('undo', {}), redo: () => this.act('redo', {}),
      grow: () => this.act('grow', { id: row.id }), growWith: () => this.act('growWith', { id: row.id }),
      siblings: () => this.act('grow', { id: row.parent ?? row.id }),
      merge: () => this.merge(row),
      fold: () => this.toggle(row.id),
      depth: () => this.toDepth(number), unfold: () => { store.closed.clear(); this.draw(); },
      hoist: () => { if (row.id !== store.top()) store.hoisted.push(row.id); this.draw(); },
      lower: () => { store.hoisted.pop(); this.draw(); },
      search: () => { this.search.focus(); this.search.select(); },
      write: () => this.act('export', { id: row.id }),
      view: () => this.turn(), fit: () => this.view === 'map' && this.map.fit(),
      leave: () => this.leave(), help: () => { this.help.hidden = !this.help.hidden; },
    };
    does[name]();
  }

  toDepth(number) {
    const before = this.store.selected;
    this.store.toDepth(number);
    this.draw();
    if (this.store.selected !== before) this.select(this.store.selected);
  }

  judge(row, state) {
    if (row.parent === null) this.say('The start of a tree is neither kept nor pruned');
    else this.set('state', state, row);
  }

  toggle(id) {
    const { closed, rows } = this.store;
    if (!rows.get(id)?.children.length) return;
    if (!closed.delete(id)) closed.add(id);
    if (this.store.outermost(this.store.selected) !== this.store.selected) this.select(id);
    this.draw();
  }

  merge(row) {
    const first = this.store.merging;
    this.store.merging = first || row.parent === null ? null : row.id;
    this.draw();
    if (first && first !== row.id && row.parent !== null) {
      const words = `${this.store.rows.get(first).title} + ${row.title}`;
      this.ask('Title of the merged idea', words, (title) => this.act('merge', { id: first, other: row.id, words: title }));
    }
  }

  leave() {
    if (!this.help.hidden) this.help.hidden = true;
    else if (this.store.merging) this.store.merging = null;
    else if (this.store.isFiltered()) this.clearSearch();
    else this.store.hoisted.pop();
    this.draw();
  }

  turn() {
    this.view = this.view === 'map' ? 'outline' : 'map';
    this.draw();
    this.focus();
  }

  // -- filters and words ------------------------------------------------------------------------

  setFilter(field, value) {
    this.store.filter[field] = value;
    this.draw();
  }

  clearSearch() {
    this.store.filter = { words: '', state: '', move: '', tag: '' };
    this.search.value = '';
    for (const each of [this.states, this.moves, this.tags]) each.value = '';
    this.store.reveal(this.store.selected);
    this.draw();
  }

  selectFirstMatch() {
    const current = this.store.rows.get(this.store.selected);
    if (current && this.store.matches(current)) return;
    const found = this.rows.find((each) => this.store.matches(each.row));
    if (found) this.select(found.row.id);
  }

  /** Ask for a line of words under the tree; Enter sends it, Escape leaves. */
  ask(name, value, send, { list = [] } = {}) {
    const input = el('input', { 'aria-label': name, placeholder: `${name} — Enter to keep, Esc to leave`, maxlength: '2000', list: 'known' });
    input.value = value;
    const known = el('datalist', { id: 'known' }, list.map((each) => el('option', { value: each })));
    this.prompt.replaceChildren(el('label', {}, name), input, known);
    this.prompt.onsubmit = (event) => {
      event.preventDefault();
      this.prompt.hidden = true;
      if (input.value.trim()) send(input.value.trim());
      this.focus();
    };
    this.prompt.hidden = false;
    input.focus();
    input.select();
  }

  end() {
    window.removeEventListener('keydown', this.onKey, true);
    document.removeEventListener('click', this.onClick);
    clearTimeout(this.timer);
    clearTimeout(this.again);
    this.outline.sight.disconnect();
    this.map.sight.disconnect();
    this.root.remove();
  }
}

/** Whether the framework would draw the page anew, or ask to clear its caches. */
function isFrameworks(event) {
  return ['r', 'c'].includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
}

function isTyping(element) {
  return Boolean(element && (element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName)));
}

function fillChoice(made, all, names, chosen) {
  const wanted = ['', ...names];
  const has = [...made.options].map((option) => option.value);
  if (wanted.join('\n') !== has.join('\n') || !has.length) {
    made.replaceChildren(...wanted.map((name) => el('option', { value: name }, name || all)));
  }
  if (made.value !== chosen) made.value = chosen;
}

function helpSheet(close) {
  const groups = KEYS.map(([title, rows]) => {
    const lines = rows.flatMap(([keys, , words]) => [
      el('dt', {}, keys.slice(0, 2).map((key) => el('kbd', {}, NAMES[key] ?? key))),
      el('dd', {}, words),
    ]);
    return el('section', {}, [el('h3', {}, title), el('dl', {}, lines)]);
  });
  const shut = el('button', { type: 'button' }, 'Close');
  shut.addEventListener('click', close);
  return el('div', { class: 'help', role: 'region', 'aria-label': 'Keys' }, [el('div', { class: 'groups' }, groups), shut]);
}

const NAMES = {
  ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', ' ': 'Space', Escape: 'Esc', PageDown: 'PgDn', PageUp: 'PgUp',
};
