// Which key does what; the help is made of this very table.

export const KEYS = [
  ['Move', [
    [['ArrowDown', 'j'], 'next', 'next row'],
    [['ArrowUp', 'k'], 'previous', 'previous row'],
    [['ArrowLeft', 'h'], 'outwards', 'close, or to the parent'],
    [['ArrowRight', 'l'], 'inwards', 'open, or to the first child'],
    [['J'], 'nextSibling', 'next sibling'],
    [['K'], 'previousSibling', 'previous sibling'],
    [['Home'], 'first', 'first row'],
    [['End'], 'last', 'last row'],
    [['PageDown'], 'pageDown', 'ten rows down'],
    [['PageUp'], 'pageUp', 'ten rows up'],
  ]],
  ['Judge', [
    [['a'], 'keep', 'keep'],
    [['x'], 'prune', 'prune'],
    [['o'], 'restore', 'open again'],
    [['b'], 'bookmark', 'bookmark'],
    [['t'], 'tag', 'tag'],
    [['n'], 'note', 'note'],
    [['i'], 'edit', 'edit the title'],
    [['+'], 'better', 'rate higher'],
    [['-'], 'worse', 'rate lower'],
    [['u'], 'undo', 'undo'],
    [['U'], 'redo', 'redo'],
  ]],
  ['Grow', [
    [['e'], 'grow', 'grow from here'],
    [['E'], 'growWith', 'choose moves and number'],
    [['s'], 'siblings', 'grow siblings'],
    [['m'], 'merge', 'merge two: once on each'],
  ]],
  ['See', [
    [['Enter', '.', ' '], 'fold', 'open or close'],
    [['1…9'], 'depth', 'open to a depth'],
    [['0'], 'unfold', 'open everything'],
    [['f'], 'hoist', 'only this branch'],
    [['F'], 'lower', 'out of it again'],
    [['/'], 'search', 'search the titles'],
    [['v'], 'view', 'outline or map'],
    [['z'], 'fit', 'the whole map'],
    [['w'], 'write', 'export'],
    [['Escape'], 'leave', 'leave what you began'],
    [['?'], 'help', 'these keys'],
  ]],
];

const FOUND = new Map(KEYS.flatMap(([, rows]) => rows.flatMap(([keys, name]) => keys.map((key) => [key, name]))));

/** The command of a key press and its number, or nothing. */
export function commandOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (/^[1-9]$/.test(event.key)) return { name: 'depth', number: Number(event.key) };
  const name = FOUND.get(event.key);
  return name ? { name } : null;
}
