// SPDX-License-Identifier: MIT
// Where everything is in the picture. Pure.

/** Kinds from left to right, as messages go; what is not here comes last. */
const COLUMNS = [
  ['outside', 'elsewhere'],
  ['connection', 'viewer'],
  ['directory', 'registry'],
  ['room', 'relay'],
  ['lane'],
  ['admin', 'node', 'meter', 'inspector', 'watch'],
];

export const BOX = { width: 138, height: 54 };
const GAP = { x: 44, y: 12 };
const MARGIN = { left: 12, top: 30, row: 24 };

/** Senders that are no actors of the thread. */
export const OUTSIDE = 'outside';
export const ELSEWHERE = 'elsewhere';

export function keyOfKind(thread, kind) {
  return `${thread ?? 'x'} ${kind}`;
}

export function keyOfFlow(thread, { from, to, local }) {
  return `${thread ?? 'x'} ${sourceOf({ from, local })} ${from} ${to}`;
}

/** The box that a flow begins at. */
export function sourceOf({ from, local }) {
  if (from === '') return OUTSIDE;
  return local ? from : ELSEWHERE;
}

function columnOf(kind) {
  const found = COLUMNS.findIndex((kinds) => kinds.includes(kind));
  return found < 0 ? COLUMNS.length - 1 : found;
}

/** A thread's kinds, by column; whoever sends to them from elsewhere is one. */
function stacksOf({ kinds, flows }) {
  const stacks = COLUMNS.map(() => []);
  const sources = new Set(flows.map(sourceOf));
  for (const kind of [OUTSIDE, ELSEWHERE]) {
    if (sources.has(kind)) stacks[0].push({ kind, actors: null });
  }
  const rank = (kind) => COLUMNS[columnOf(kind)].indexOf(kind);
  const shown = kinds.filter((x) => x.actors > 0 || x.handled > 0);
  for (const one of [...shown].sort((x, y) => rank(x.kind) - rank(y.kind))) {
    stacks[columnOf(one.kind)].push(one);
  }
  return stacks;
}

/**
 * Threads one below the other, each with its kinds in columns. Returns the size,
 * the rows, the boxes and the ways between them.
 */
export function layout(threads) {
  const boxes = [];
  const rows = [];
  const ways = [];
  let top = 0;
  for (const thread of threads) {
    const stacks = stacksOf(thread);
    const tallest = Math.max(1, ...stacks.map((stack) => stack.length));
    const height = MARGIN.top + tallest * (BOX.height + GAP.y);
    rows.push({ thread: thread.thread, silent: thread.silent, top, height });
    const placed = new Map();
    stacks.forEach((stack, column) => {
      const slack = (tallest - stack.length) * (BOX.height + GAP.y) / 2;
      stack.forEach((what, at) => {
        const box = {
          ...what, thread: thread.thread,
          x: MARGIN.left + column * (BOX.width + GAP.x),
          y: top + MARGIN.top + slack + at * (BOX.height + GAP.y) };
        placed.set(what.kind, box);
        boxes.push(box);
      });
    });
    for (const flow of thread.flows) {
      const from = placed.get(sourceOf(flow));
      const to = placed.get(flow.to);
      if (from && to && from !== to) {
        ways.push({ flow, thread: thread.thread, path: curve(from, to) });
      }
    }
    top += height + MARGIN.row;
  }
  // With room behind the last column for what goes on within it.
  const width = MARGIN.left + COLUMNS.length * (BOX.width + GAP.x);
  return { width, height: Math.max(0, top - MARGIN.row), rows, boxes, ways };
}

/** From side to side; back below, so that there and back are two ways. */
function curve(from, to) {
  const forward = to.x > from.x;
  const same = to.x === from.x;
  const shift = forward ? -6 : 8;
  const y1 = from.y + BOX.height / 2 + shift;
  const y2 = to.y + BOX.height / 2 + shift;
  if (same) {
    const x = from.x + BOX.width;
    return `M${x} ${y1} C${x + GAP.x} ${y1} ${x + GAP.x} ${y2} ${x} ${y2}`;
  }
  const x1 = forward ? from.x + BOX.width : from.x;
  const x2 = forward ? to.x : to.x + BOX.width;
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** How thick a way is, for so many messages a second. */
export function thickness(rate) {
  return rate > 0 ? Math.min(8, 1.5 + Math.log10(1 + rate) * 1.4) : 1;
}
