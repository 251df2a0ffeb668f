// The map: the same rows as the outline, laid out from left to right on a canvas.

import { hierarchy, tree as tidy } from 'd3-hierarchy';
import { el } from './elements.js';

const ROW = 30;
const COLUMN = 250;
const LEGIBLE = 13;
const [FAR, NEAR] = [0.004, 2];

export class Map_ {
  constructor(acts) {
    this.acts = acts;
    // Where the map's origin is, and how many pixels one of its units is, across and down: a tree
    // of thousands is far taller than it is wide, and still fits.
    this.at = { x: 20, y: 0, across: 1, down: 1 };
    this.places = new Map();
    this.canvas = el('canvas', { role: 'img' });
    this.element = el('div', { class: 'map', tabindex: '0', role: 'application', 'aria-label': 'Map of the ideas; arrow keys move' }, [this.canvas]);
    this.listen();
    this.sight = new ResizeObserver(() => this.paint());
    this.sight.observe(this.element);
  }

  show(store, rows) {
    const isNew = this.tree !== store.tree || !this.nodes;
    this.store = store;
    this.tree = store.tree;
    const known = new Set(rows.map((each) => each.row.id));
    const root = hierarchy(store.base(), (row) =>
      row.children.filter((id) => known.has(id)).map((id) => store.rows.get(id)),
    );
    tidy().nodeSize([ROW, COLUMN])(root);
    this.nodes = root.descendants();
    this.places = new Map(this.nodes.map((node) => [node.data.id, node]));
    if (isNew) this.fit();
    this.paint();
  }

  /** Bring the selected idea into sight; the whole map is left where it is if it is there. */
  follow() {
    const node = this.places.get(this.store?.selected);
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!node || !width) return;
    const [x, y] = this.place(node);
    if (x < 20 || x > width - 180) this.at.x += width * 0.3 - x;
    if (y < 30 || y > height - 30) this.at.y += height / 2 - y;
    this.paint();
  }

  /** Show all of it. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.nodes || !width) return;
    const [top, bottom] = extent(this.nodes.map((node) => node.x));
    const right = extent(this.nodes.map((node) => node.y))[1];
    const across = between(FAR, (width - 40) / (right + COLUMN), 1);
    const down = between(FAR, (height - 40) / (bottom - top + ROW), 1);
    this.at = { x: 20, y: height / 2 - ((top + bottom) / 2) * down, across, down };
    this.paint();
  }

  place(node) {
    return [node.y * this.at.across + this.at.x, node.x * this.at.down + this.at.y];
  }

  listen() {
    let from = null;
    let moved = false;
    this.element.addEventListener('pointerdown', (event) => {
      from = { x: event.clientX, y: event.clientY };
      moved = false;
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener('pointermove', (event) => {
      if (!from) return;
      if (Math.abs(event.clientX - from.x) + Math.abs(event.clientY - from.y) < 4 && !moved) return;
      moved = true;
      this.at.x += event.clientX - from.x;
      this.at.y += event.clientY - from.y;
      from = { x: event.clientX, y: event.clientY };
      this.paint();
    });
    this.element.addEventListener('pointerup', (event) => {
      from = null;
      const found = moved ? null : this.under(event);
      if (found) this.acts.select(found, true);
    });
    this.element.addEventListener('dblclick', (event) => {
      const found = this.under(event);
      if (found) this.acts.toggle(found);
    });
    this.element.addEventListener('wheel', (event) => this.zoom(event), { passive: false });
  }

  zoom(event) {
    event.preventDefault();
    const box = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const factor = Math.exp(-event.deltaY / 500);
    const across = between(FAR, this.at.across * factor, NEAR);
    const down = between(FAR, this.at.down * factor, NEAR);
    this.at = {
      across, down,
      x: x - ((x - this.at.x) * across) / this.at.across,
      y: y - ((y - this.at.y) * down) / this.at.down,
    };
    this.paint();
  }

  /** The idea under the pointer: the nearest dot, or the label that is hit. */
  under(event) {
    const box = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const reach = Math.max(6, Math.min(15, (ROW / 2) * this.at.down));
    const wide = this.isLegible() ? (COLUMN - 20) * this.at.across : 10;
    let found = null;
    let least = Infinity;
    for (const node of this.nodes ?? []) {
      const [nodeX, nodeY] = this.place(node);
      const far = Math.abs(nodeY - y);
      if (far <= reach && x > nodeX - 10 && x < nodeX + wide && far < least) [found, least] = [node.data.id, far];
    }
    return found;
  }

  isLegible() {
    return ROW * this.at.down >= LEGIBLE && this.at.across > 0.3;
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.nodes || !width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const pen = this.canvas.getContext('2d');
    const ink = this.acts.colours();
    pen.scale(ratio, ratio);
    const path = new Set();
    for (let id = this.store.selected; id; id = this.store.rows.get(id)?.parent) path.add(id);
    this.edges(pen, height, ink.line, 1, (node) => !path.has(node.data.id));
    this.edges(pen, height, ink.accent, 2, (node) => path.has(node.data.id));
    const last = this.places.get(this.store.selected); // drawn over its neighbours
    for (const node of [...this.nodes.filter((each) => each !== last), ...(last ? [last] : [])]) {
      const [x, y] = this.place(node);
      if (x > -COLUMN && x < width + 20 && y > -ROW && y < height + ROW) this.node(pen, ink, node, x, y);
    }
    this.canvas.setAttribute('aria-label', `${this.nodes.length} ideas`);
  }

  /** All edges of a kind at one stroke; those that are wholly above or below are left out. */
  edges(pen, height, colour, wide, isWanted) {
    pen.beginPath();
    for (const node of this.nodes) {
      if (!node.parent || !isWanted(node)) continue;
      const [x, y] = this.place(node);
      const [fromX, fromY] = this.place(node.parent);
      if (Math.max(y, fromY) < 0 || Math.min(y, fromY) > height) continue;
      const middle = fromX + (x - fromX) * 0.82;
      pen.moveTo(fromX + 6, fromY);
      pen.bezierCurveTo(middle, fromY + (y - fromY) * 0.05, middle - 40 * this.at.across, y, x - 6, y);
    }
    pen.strokeStyle = colour;
    pen.lineWidth = wide;
    pen.stroke();
  }

  node(pen, ink, node, x, y) {
    const row = node.data;
    const state = this.store.value(row, 'state');
    const isSelected = row.id === this.store.selected;
    const size = Math.max(2, Math.min(5, 4 * this.at.down + 1.5));
    pen.globalAlpha = state === 'pruned' && !isSelected ? 0.55 : 1;
    pen.beginPath();
    pen.arc(x, y, isSelected ? size + 2 : size, 0, 2 * Math.PI);
    pen.fillStyle = { kept: ink.keep, pruned: ink.prune, open: ink.paper }[state];
    pen.fill();
    pen.strokeStyle = isSelected ? ink.accent : { kept: ink.keep, pruned: ink.prune, open: ink.soft }[state];
    pen.lineWidth = isSelected ? 3 : Math.min(1.5, size / 2.5);
    pen.stroke();
    if (isSelected || this.isLegible()) this.label(pen, ink, node, isSelected, x, y);
    pen.globalAlpha = 1;
  }

  /** The title, as far as there is room before the next column; a leaf's may go on to the edge. */
  label(pen, ink, node, isSelected, x, y) {
    const row = node.data;
    const hidden = this.store.closed.has(row.id) && row.below ? `  +${row.below}` : '';
    const size = Math.round(between(11, 13 * this.at.down, 13));
    const column = COLUMN * this.at.across;
    const isAlone = !node.children && (isSelected || this.at.across > 0.5);
    const room = (isAlone ? Math.max(column, Math.min(2 * column, this.element.clientWidth - x)) : column) - 30;
    const most = Math.max(8, Math.floor(room / (size * 0.5)) - hidden.length);
    const title = this.store.value(row, 'title');
    const said = (title.length > most ? `${title.slice(0, most - 1)}…` : title) + hidden;
    pen.font = `${isSelected ? 600 : 400} ${size}px ${ink.font}`;
    const wide = pen.measureText(said).width;
    pen.fillStyle = isSelected ? ink.tint : ink.paper;
    pen.fillRect(x + 9, y - 8, wide + 6, 16);
    pen.fillStyle = ink.text;
    pen.textBaseline = 'middle';
    pen.fillText(said, x + 12, y);
  }
}

function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

function between(least, value, most) {
  return Math.min(most, Math.max(least, value));
}
