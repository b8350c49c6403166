// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { atEnd } from '../../../clients/js/test/support/at_end.js';
import { freePort } from '../../../clients/js/test/support/free_port.js';
import { DEADLINE } from '../../../clients/js/test/support/parlor.js';

/** As docs/operations.md says: the service is below a path. */
function configuration(
  folder, port, parlor, prefix, { upgrade = '$http_upgrade', sockets }) {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`).join('\n');
  return `pid ${folder}/nginx.pid;
daemon off;
worker_processes 1;
events {}
http {
access_log off;
${paths}
server {
  listen 127.0.0.1:${port};
  ${sockets ? `location ${prefix}ws { ${sockets}; }` : ''}
  location ${prefix} {
    proxy_pass http://127.0.0.1:${parlor.port}/;
    proxy_http_version 1.1;
    proxy_set_header Upgrade ${upgrade};
    proxy_set_header Connection upgrade;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  }
}
}
`;
}

/**
 * A service whose root is elsewhere, such as at `/chat/`: `url` says where. A
 * fault: another value of the header `Upgrade`, what is done with `/ws`.
 */
export async function below(t, parlor, prefix, fault = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-nginx-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, parlor, prefix, fault));
  const child = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', file],
    { stdio: ['ignore', 'ignore', 'inherit'] });
  atEnd(t, async () => {
    const gone = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    if (child.exitCode === null && child.kill('SIGTERM')) await gone;
    rmSync(folder, { recursive: true });
  });
  const end = performance.now() + DEADLINE;
  while (!await answers(port)) {
    if (performance.now() > end) throw new Error('nginx does not answer');
    await pause(20);
  }
  return { url: `http://127.0.0.1:${port}${prefix.replace(/\/$/, '')}` };
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
