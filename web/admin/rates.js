// SPDX-License-Identifier: MIT
// Rates, each of two scrapes of /metrics. Pure.
import { sum } from './metrics.js';

const COUNTERS = {
  received: 'parlor_messages_received_total',
  sent: 'parlor_messages_sent_total',
  bytesIn: 'parlor_bytes_received_total',
  bytesOut: 'parlor_bytes_sent_total',
  opened: 'parlor_connections_opened_total',
  closed: 'parlor_connections_closed_total',
  dropped: 'parlor_dropped_total',
  cpu: 'process_cpu_seconds_total',
};

/**
 * How much was added a second, for each counter. `at` is in milliseconds of one
 * clock that only goes forward. Null where it cannot be known: before the
 * second scrape, for a counter that is missing, and where the service has
 * started anew in between, so that its counters began at 0 again.
 */
export function rates(before, after) {
  const seconds = before ? (after.at - before.at) / 1000 : 0;
  const known = seconds > 0 && startOf(before) === startOf(after);
  return Object.fromEntries(Object.entries(COUNTERS).map(([key, name]) => {
    const first = known ? sum(before.samples, name) : undefined;
    const last = sum(after.samples, name);
    const grew = first !== undefined && last !== undefined && last >= first;
    return [key, grew ? (last - first) / seconds : null];
  }));
}

function startOf({ samples }) {
  return sum(samples, 'process_start_time_seconds');
}
