// The tree in the browser: rows by id, what is open, what is filtered, and which rows that shows.

export const STATES = { o: 'open', k: 'kept', p: 'pruned' };
const WHOLE = 1000;
const FIRST = 400;

export class Store {
  constructor() {
    this.tree = '';
    this.rev = 0;
    this.of = 0; // how many ideas there are, while only the top of them is here
    this.rows = new Map();
    this.root = null;
    this.closed = new Set();
    this.hoisted = [];
    this.filter = { words: '', state: '', move: '', tag: '' };
    this.pending = new Map();
    this.growing = new Set();
    this.moves = [];
    this.tags = [];
    this.selected = null;
  }

  /** Take what the server sent: whole columns, the top of a large tree, or what changed since
   * `from`. False: this is not where the server believes it to be. */
  take(data) {
    const fresh = data.from === 0;
    const isOurs = data.tree === this.tree;
    if (!fresh && (!isOurs || data.from > this.rev)) return false;
    if (fresh && isOurs && this.rows.size && data.rev === this.rev) return true;
    if (!fresh && !data.columns && !data.gone) {
      this.rev = data.rev;
      return true;
    }
    if (fresh && !isOurs) this.reset(data.tree);
    const top = this.of ? new Map(this.rows) : null;
    if (fresh) this.rows.clear();
    for (const row of rowsOf(data.columns ?? {}, this.rows)) this.rows.set(row.id, row);
    for (const id of data.gone || []) this.rows.delete(id);
    this.of = data.of ?? 0;
    this.rev = this.of ? 0 : data.rev;
    this.link();
    if (fresh && !this.opened) this.openFirst();
    if (top && !this.of) this.closeBelow(top);
    if (!this.rows.has(this.selected)) this.selected = this.root;
    this.hoisted = this.hoisted.filter((id) => this.rows.has(id));
    return true;
  }

  /** The rest of a large tree is there: what was not open at the top of it stays closed. */
  closeBelow(top) {
    for (const row of this.rows.values()) {
      if (row.children.length && !top.get(row.id)?.children.length) this.closed.add(row.id);
    }
  }

  reset(tree) {
    Object.assign(this, new Store());
    this.tree = tree;
  }

  link() {
    this.root = null;
    for (const row of this.rows.values()) row.children = [];
    for (const row of this.rows.values()) {
      const parent = this.rows.get(row.parent);
      row.depth = parent ? parent.depth + 1 : 0; // parents come before their children
      if (parent) parent.children.push(row.id);
      else this.root ??= row.id;
    }
    const backwards = [...this.rows.values()].reverse();
    if (!this.of) {
      for (const row of backwards) row.below = 0;
      for (const row of backwards) {
        const parent = this.rows.get(row.parent);
        if (parent) parent.below += row.below + 1;
      }
    }
    this.moves = [...new Set(backwards.map((row) => row.move))].sort();
    this.tags = [...new Set(backwards.flatMap((row) => row.tags))].sort();
  }

  /** Open everything in a small tree; in a large one as many levels as make a few hundred rows. */
  openFirst() {
    this.opened = true;
    if (this.rows.size <= WHOLE) return;
    const levels = [];
    for (const row of this.rows.values()) levels[row.depth] = (levels[row.depth] || 0) + 1;
    let shown = 0;
    const deepest = levels.findIndex((count) => (shown += count) > FIRST);
    this.toDepth(Math.max(1, deepest - 1));
  }

  toDepth(depth) {
    this.closed.clear();
    const above = this.base().depth;
    for (const row of this.rows.values()) {
      if (row.children.length && row.depth - above >= depth) this.closed.add(row.id);
    }
    this.selected = this.outermost(this.selected);
  }

  /** The row itself, or the outermost closed one that hides it. */
  outermost(id) {
    let found = id;
    let row = this.rows.get(id);
    while (row && row.id !== this.top()) {
      row = this.rows.get(row.parent);
      if (row && this.closed.has(row.id)) found = row.id;
    }
    return row ? found : this.top();
  }

  top() {
    return this.hoisted.at(-1) ?? this.root;
  }

  base() {
    return this.rows.get(this.top());
  }

  /** Open what hides a row. */
  reveal(id) {
    let row = this.rows.get(id);
    const above = [];
    while (row && row.id !== this.top()) above.push((row = this.rows.get(row.parent)));
    if (!row) this.hoisted = [];
    for (const each of above) if (each) this.closed.delete(each.id);
  }

  /** A field of a row as the reader has set it, though the server has not said so yet. */
  value(row, field) {
    const set = this.pending.get(row.id);
    return set && field in set.values ? set.values[field] : row[field];
  }

  expect(id, number, values) {
    const before = this.pending.get(id);
    this.pending.set(id, { number, values: { ...before?.values, ...values } });
  }

  settle(done) {
    for (const [id, set] of this.pending) if (set.number <= done) this.pending.delete(id);
  }

  isFiltered() {
    return Object.values(this.filter).some(Boolean);
  }

  matches(row) {
    const { words, state, move, tag } = this.filter;
    if (state === 'bookmarked' ? !this.value(row, 'bookmarked') : state && this.value(row, 'state') !== state) return false;
    if (move && row.move !== move) return false;
    if (tag && !row.tags.includes(tag)) return false;
    return !words || row.title.toLowerCase().includes(words.toLowerCase());
  }

  /** The rows to draw, parents before children: what is open, or what matches with all above it. */
  shown() {
    const wanted = this.isFiltered() ? this.matching() : null;
    const list = [];
    const waiting = this.rows.size ? [this.top()] : [];
    const base = this.base()?.depth ?? 0;
    while (waiting.length) {
      const row = this.rows.get(waiting.pop());
      if (wanted && !wanted.has(row.id)) continue;
      list.push({ row, depth: row.depth - base, open: wanted !== null || !this.closed.has(row.id) });
      if (wanted || !this.closed.has(row.id)) {
        for (let n = row.children.length - 1; n >= 0; n--) waiting.push(row.children[n]);
      }
    }
    return list;
  }

  matching() {
    const wanted = new Set();
    for (const row of this.rows.values()) {
      if (!this.matches(row)) continue;
      for (let each = row; each && !wanted.has(each.id); each = this.rows.get(each.parent)) wanted.add(each.id);
    }
    wanted.add(this.top());
    return wanted;
  }
}

/** Rows as columns tell them; where these only judge, the rest is as it was. */
function* rowsOf(columns, known) {
  for (const [n, id] of (columns.ids ?? []).entries()) {
    yield {
      ...(columns.title ? bornOf(columns, n) : known.get(id)),
      id,
      state: STATES[columns.state[n]],
      bookmarked: columns.bookmarked[n] === '1',
      rating: Number(columns.rating[n]),
      tags: columns.tags[n] || [],
      notes: columns.notes[n] || 0,
      clash: Boolean(columns.clash[n]),
      below: columns.below?.[n] ?? 0,
    };
  }
}

function bornOf(columns, n) {
  const parent = columns.parent[n];
  return {
    parent: typeof parent === 'number' ? (parent < 0 ? null : columns.ids[parent]) : parent,
    title: columns.title[n],
    move: columns.moves[columns.move[n]],
    also: columns.also[n] || '',
  };
}
