// SPDX-License-Identifier: MIT
// The package's entry, and the module that a Parlor serves at /parlor.js.
export { Client, connect } from './parlor/client.js';
export { ParlorError } from './parlor/errors.js';
