// SPDX-License-Identifier: MIT
import { byId, make, setText } from '../dom.js';
import { sum } from './metrics.js';
import * as words from './words.js';

const HEALTH = {
  ready: () => 'Ready',
  'not-ready': (why) => `Not ready: ${why}`,
  silent: () => 'No answer',
};

/** Health, and the numbers of the node. What is not known is a dash. */
export class GlanceView {
  #health = byId('health');
  #list = byId('figures');
  #values = new Map();

  /** `state` is a key of HEALTH. */
  showHealth(state, why) {
    this.#health.dataset.health = state;
    setText(this.#health, HEALTH[state](why));
  }

  show({ lag, stats, samples, rates }) {
    const of = (name) => sum(samples, name);
    const turning = of('parlor_io_thread_up');
    const threads = samples.get('parlor_io_thread_up')?.length;
    const started = of('process_start_time_seconds');
    for (const [label, text] of [
      ['Connections', `${words.count(stats?.total_connections)} of ${
        words.count(stats?.max_connections)}`],
      ['Users', words.count(stats?.unique_users)],
      ['Rooms', words.count(stats?.rooms)],
      ['Messages in', words.rate(rates.received)],
      ['Messages out', words.rate(rates.sent)],
      ['Bytes in', words.byteRate(rates.bytesIn)],
      ['Bytes out', words.byteRate(rates.bytesOut)],
      ['Opened', words.rate(rates.opened)],
      ['Closed', words.rate(rates.closed)],
      ['Dropped', words.rate(rates.dropped)],
      ['Waiting for clients', words.bytes(of('parlor_outbox_bytes'))],
      ['Through all parts', words.milliseconds(lag)],
      ['I/O threads', `${words.count(turning)} of ${words.count(threads)}`],
      ['CPU (of one core)', words.percent(rates.cpu)],
      ['Memory', words.bytes(of('process_resident_memory_bytes'))],
      ['Running for', started === undefined ? words.UNKNOWN
        : words.duration(Date.now() / 1000 - started)],
    ]) setText(this.#value(label), text);
  }

  #value(label) {
    let value = this.#values.get(label);
    if (!value) {
      value = make('dd');
      this.#values.set(label, value);
      this.#list.append(make('div', 'figure', make('dt', '', label), value));
    }
    return value;
  }
}
