// SPDX-License-Identifier: MIT
// For node --require: tells which mutants a process has reached, in a file of
// the folder PARLOR_MUTANTS_REACHED; and takes the active mutant to the pages that
// playwright opens.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const folder = process.env.PARLOR_MUTANTS_REACHED;
const active = process.env.__STRYKER_ACTIVE_MUTANT__;
const inPages = new Set();

if (folder) {
  process.on('exit', () => {
    const { static: here = {} } = globalThis.__stryker__?.mutantCoverage ?? {};
    fs.writeFileSync(path.join(folder, `${process.pid}.json`),
      JSON.stringify([...Object.keys(here), ...inPages]));
  });
}

/** Runs in each page before its own scripts. */
function begin({ active: mutant, isAsked }) {
  const told = {};
  globalThis.__stryker__ = {
    activeMutant: mutant,
    mutantCoverage: {
      perTest: {},
      static: new Proxy(told, {
        set(_, id, count) {
          if (isAsked && !(id in told)) globalThis.parlorReached(id);
          told[id] = count;
          return true;
        },
      }),
    },
  };
}

async function prepared(context) {
  if (folder) {
    await context.exposeBinding('parlorReached', (_, id) => {
      inPages.add(id);
    });
  }
  // undefined would not get there.
  await context.addInitScript(begin,
    { active: active ?? 'none', isAsked: Boolean(folder) });
  return context;
}

const playwright = path.join(process.cwd(), 'node_modules/playwright-core');
if (fs.existsSync(playwright)) {
  const { chromium } = require(playwright);
  const launch = chromium.launch.bind(chromium);
  chromium.launch = async (...how) => {
    const browser = await launch(...how);
    const open = browser.newContext.bind(browser);
    browser.newContext = async (...options) => prepared(await open(...options));
    return browser;
  };
}
