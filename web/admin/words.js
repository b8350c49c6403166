// SPDX-License-Identifier: MIT
// Numbers as people read them. Pure.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Stands for what is not known. */
export const UNKNOWN = '–';

export function count(value) {
  return known(value) ? whole.format(value) : UNKNOWN;
}

export function bytes(value) {
  if (!known(value)) return UNKNOWN;
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${short.format(size)} ${UNITS[unit]}`;
}

export function rate(value) {
  if (!known(value)) return UNKNOWN;
  return `${value < 1000 ? short.format(value) : whole.format(Math.round(value))}/s`;
}

export function byteRate(value) {
  return known(value) ? `${bytes(value)}/s` : UNKNOWN;
}

/** Of one core. */
export function percent(value) {
  return known(value) ? `${short.format(value * 100)} %` : UNKNOWN;
}

export function milliseconds(value) {
  return known(value) ? `${short.format(value)} ms` : UNKNOWN;
}

/** How long something lasts, in seconds, to its two largest units. */
export function duration(seconds) {
  if (!known(seconds)) return UNKNOWN;
  const parts = [];
  let rest = Math.max(0, Math.floor(seconds));
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
    const many = Math.floor(rest / size);
    rest %= size;
    if (many > 0) parts.push(`${many} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

function known(value) {
  return typeof value === 'number' && Number.isFinite(value);
}
