// SPDX-License-Identifier: MIT
// Where the service is. A proxy may serve it below a path of its own, which no
// file here can know: all of them find the service from where they are.

/** The URL below which everything is; this file is in its folder `web/`. */
export const SERVICE = new URL('../', import.meta.url).href;

/** The URL of a path of the service, such as `admin/stats?x=1`. */
export function at(path) {
  return new URL(path, SERVICE).href;
}
