// Where the page finds the tree: `window.alignloomTree`, waited for by what mounts it.

import { Panel } from './panel.js';

const panels = new Map();

function mount(component) {
  const { parentElement } = component;
  let panel = panels.get(parentElement);
  if (!panel || !panel.root.isConnected) {
    panel?.end();
    panel = new Panel(parentElement);
    panels.set(parentElement, panel);
  }
  panel.update(component);
  return () => {
    panels.get(parentElement)?.end();
    panels.delete(parentElement);
  };
}

if (!window.alignloomTree?.isHere) {
  const left = window.alignloomTree?.left ?? [];
  window.alignloomTree = { push: mount, isHere: true };
  for (const component of left) mount(component);
}

export default function library() {}
