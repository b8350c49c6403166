// SPDX-License-Identifier: MIT
import { Unreachable } from './api.js';
import { GlanceView } from './glance_view.js';
import { parse } from './metrics.js';
import { rates } from './rates.js';

/** Health, numbers and rates of the node that is asked. */
export class Glance {
  #api;
  #view = new GlanceView();
  #before = null;

  constructor(api) {
    this.#api = api;
  }

  /**
   * Shows what it can get. Throws what stands against the numbers, for that is
   * the same for all that is guarded. A node that is not ready may know them.
   */
  async refresh() {
    const [health, stats, scrape] = await Promise.allSettled([
      this.#api.json('health/ready'), this.#api.json('admin/stats'),
      this.#scrape()]);
    this.#showHealth(health);
    if (scrape.reason && stats.reason) throw stats.reason;
    const after = scrape.value ?? { at: 0, samples: new Map() };
    this.#view.show({
      lag: health.value?.loop_lag_ms,
      stats: stats.value,
      samples: after.samples,
      rates: rates(this.#before, after),
    });
    if (scrape.value) this.#before = after;
  }

  async #scrape() {
    const samples = parse(await this.#api.text('metrics'));
    return { at: performance.now(), samples };
  }

  #showHealth({ reason }) {
    if (!reason) this.#view.showHealth('ready');
    else if (reason instanceof Unreachable) this.#view.showHealth('silent');
    else this.#view.showHealth('not-ready', reason.message);
  }
}
