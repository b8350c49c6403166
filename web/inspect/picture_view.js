// SPDX-License-Identifier: MIT
import { byId, make, setText, showList } from '../dom.js';
import * as words from '../admin/words.js';
import {
  BOX, ELSEWHERE, keyOfFlow, keyOfKind, layout, OUTSIDE, sourceOf, thickness,
} from './picture.js';
import { linkToList } from './places.js';
import { Rates } from './rates.js';

const SVG = 'http://www.w3.org/2000/svg';
const SOURCES = {
  [OUTSIDE]: 'sockets, timers',
  [ELSEWHERE]: 'other threads',
};

export function nameOfThread(thread) {
  return thread === null ? 'Scheduler' : `Thread ${thread}`;
}

/** An element of the picture with attributes. */
function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== `${value}`) {
      element.setAttribute(name, value);
    }
  }
}

/** The actor system: threads, kinds of actors on them, messages between them. */
export class PictureView {
  #svg = byId('picture');
  #rows = draw('g');
  #ways = draw('g', { 'aria-hidden': 'true' });
  #boxes = draw('g');
  #flows = new Rates();
  #handled = new Rates();
  #busy = new Rates();

  constructor() {
    this.#svg.append(this.#rows, this.#ways, this.#boxes);
  }

  clear() {
    for (const one of [this.#flows, this.#handled, this.#busy]) one.clear();
  }

  /** `at` is when it came, in milliseconds. */
  show({ threads }, at) {
    this.#take(threads, at);
    const { width, height, rows, boxes, ways } = layout(threads);
    set(this.#svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    this.#showRows(rows, width);
    this.#showWays(ways);
    this.#showBoxes(boxes);
    this.#showThreads(threads);
    this.#showFlows(threads);
  }

  #take(threads, at) {
    const of = (list, key, value) => threads.flatMap((one) => one[list].map(
      (x) => [key(one.thread, x), value(x)]));
    const kind = (thread, x) => keyOfKind(thread, x.kind);
    this.#flows.take(of('flows', keyOfFlow, (x) => x.messages), at);
    this.#handled.take(of('kinds', kind, (x) => x.handled), at);
    this.#busy.take(of('kinds', kind, (x) => x.busy_us / 1e6), at);
  }

  #showRows(rows, width) {
    showList(this.#rows, rows, {
      key: ({ thread }) => `${thread}`,
      create: () => draw('g', {}, draw('rect', { rx: 10 }), draw('text')),
      update: (element, { thread, silent, top, height }) => {
        const [rect, text] = element.children;
        set(element, { class: silent ? 'row silent' : 'row' });
        set(rect, { x: 0.5, y: top + 0.5, width: width - 1, height: height - 1 });
        set(text, { x: 14, y: top + 20 });
        setText(text,
          `${nameOfThread(thread)}${silent ? ' does not answer' : ''}`);
      },
    });
  }

  #showWays(ways) {
    showList(this.#ways, ways, {
      key: ({ thread, flow }) => keyOfFlow(thread, flow),
      create: () => draw('path', {}, draw('title')),
      update: (element, { thread, flow, path }) => {
        const rate = this.#flows.of(keyOfFlow(thread, flow)) ?? 0;
        set(element, {
          d: path, class: rate > 0 ? 'way busy' : 'way',
          'stroke-width': thickness(rate).toFixed(2) });
        setText(element.firstChild, `${wordsOf(flow)}: ${words.rate(rate)}`);
      },
    });
  }

  #showBoxes(boxes) {
    showList(this.#boxes, boxes, {
      key: ({ thread, kind }) => keyOfKind(thread, kind),
      create: ({ actors }) => this.#box(actors === null),
      update: (element, box) => (box.actors === null
        ? this.#showSource(element, box) : this.#showKind(element, box)),
    });
  }

  #box(isSource) {
    const rect = draw('rect', { ...BOX, rx: 8 });
    if (isSource) {
      return draw('g', { class: 'source' }, rect, draw('text', { x: 12, y: 31 }));
    }
    return draw('a', { class: 'kind' }, rect,
      draw('rect', { class: 'share', x: 8, y: BOX.height - 9, height: 4, rx: 2 }),
      draw('text', { class: 'kind-name', x: 10, y: 19 }),
      draw('text', { class: 'kind-count', x: BOX.width - 10, y: 19 }),
      draw('text', { class: 'kind-rate', x: 10, y: 37 }),
      draw('text', { class: 'kind-waiting', x: BOX.width - 10, y: 37 }));
  }

  #showSource(element, { kind, x, y }) {
    set(element, { transform: `translate(${x} ${y})` });
    setText(element.lastChild, SOURCES[kind]);
  }

  #showKind(element, { thread, kind, actors, mailbox, x, y }) {
    const key = keyOfKind(thread, kind);
    const rate = words.rate(this.#handled.of(key));
    const share = this.#busy.of(key);
    const [, bar, name, count, speed, waiting] = element.children;
    set(element, {
      transform: `translate(${x} ${y})`,
      href: linkToList({ kind, thread: thread ?? undefined }),
      'aria-label': `${kind} on ${nameOfThread(thread).toLowerCase()}: ${
        words.count(actors)} actors, ${rate} handled, ${
        words.count(mailbox)} waiting, ${words.percent(share)} of the time` });
    setText(name, kind);
    setText(count, words.count(actors));
    setText(speed, rate);
    setText(waiting, mailbox > 0 ? `${words.count(mailbox)} wait` : '');
    set(bar, { width: Math.max(0, Math.min(1, share ?? 0)) * (BOX.width - 16) });
  }

  /** How much of its time each thread is in handlers. */
  #showThreads(threads) {
    showList(byId('threads'), threads, {
      key: ({ thread }) => `${thread}`,
      create: () => make('div', 'thread',
        make('span'), make('meter'), make('span', 'quiet')),
      update: (element, { thread, silent, kinds, wakes }) => {
        const [name, meter, about] = element.children;
        const sum = (of) => kinds.reduce((all, x) => all + (of(x) ?? 0), 0);
        const share = sum((x) => this.#busy.of(keyOfKind(thread, x.kind)));
        const rate = sum((x) => this.#handled.of(keyOfKind(thread, x.kind)));
        const label = nameOfThread(thread);
        meter.max = 1;
        meter.high = 0.8;
        meter.value = share;
        meter.setAttribute('aria-label', `${label}: time in handlers`);
        element.classList.toggle('silent', silent);
        setText(name, label);
        setText(about, silent ? 'does not answer' : [
          `${words.percent(share)} in handlers`,
          `${words.rate(rate)} handled`,
          `${words.count(sum((x) => x.actors))} actors`,
          `${words.count(sum((x) => x.mailbox))} waiting`,
          `woken ${words.count(wakes)} times`].join(', '));
      },
    });
  }

  #showFlows(threads) {
    if (!byId('flows').open) return;
    const all = threads.flatMap(({ thread, flows }) => flows.map((flow) => ({
      thread, flow, rate: this.#flows.of(keyOfFlow(thread, flow)) })));
    all.sort((x, y) => (y.rate ?? 0) - (x.rate ?? 0)
      || y.flow.messages - x.flow.messages);
    showList(byId('flow-rows'), all, {
      key: ({ thread, flow }) => keyOfFlow(thread, flow),
      create: () => make('tr', '', make('td'), make('td'), make('td'),
        make('td', 'number'), make('td', 'number')),
      update: (element, { thread, flow, rate }) => {
        const texts = [fromOf(flow), flow.to, nameOfThread(thread),
          words.count(flow.messages), words.rate(rate)];
        texts.forEach((text, at) => setText(element.children[at], text));
      },
    });
  }
}

function fromOf({ from, local }) {
  if (sourceOf({ from, local }) === OUTSIDE) return SOURCES[OUTSIDE];
  return local ? from : `${from}, another thread`;
}

function wordsOf(flow) {
  return `${fromOf(flow)} → ${flow.to}`;
}
