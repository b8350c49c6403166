// SPDX-License-Identifier: MIT
// Prometheus' text format 0.0.4, as far as the service writes it. Pure.

/**
 * The samples of a scrape, by the name of their metric: for each its labels and
 * its value. A line that is none is left out: the page shows what it understands.
 */
export function parse(text) {
  const samples = new Map();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const parts = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line);
    const value = parts ? toNumber(parts[3]) : NaN;
    if (Number.isNaN(value)) continue;
    const [, name, labels] = parts;
    if (!samples.has(name)) samples.set(name, []);
    samples.get(name).push({ labels: toLabels(labels ?? ''), value });
  }
  return samples;
}

/** The sum over all labels that fit; undefined where nothing does. */
export function sum(samples, name, fits = () => true) {
  const found = (samples.get(name) ?? []).filter(({ labels }) => fits(labels));
  return found.length > 0
    ? found.reduce((total, { value }) => total + value, 0) : undefined;
}

function toNumber(text) {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

function toLabels(text) {
  const labels = {};
  for (const [, key, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[key] = value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
  }
  return labels;
}
