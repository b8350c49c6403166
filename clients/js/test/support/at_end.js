// SPDX-License-Identifier: MIT

const stacks = new WeakMap();

/**
 * Tidies up when a test ends, the last thing first, unlike `t.after`: clients
 * and pages go before their service does, and so never see it go.
 */
export function atEnd(t, tidy) {
  let stack = stacks.get(t);
  if (!stack) {
    stack = [];
    stacks.set(t, stack);
    t.after(() => unwind(stack));
  }
  stack.push(tidy);
}

/** All of them, whichever fails; the first failure is the test's. */
async function unwind(stack) {
  const failures = [];
  for (const tidy of stack.reverse()) {
    try {
      await tidy();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
