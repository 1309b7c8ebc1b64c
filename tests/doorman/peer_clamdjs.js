// SPDX-License-Identifier: Apache-2.0
// The npm package clamdjs against a TCP port.
// usage: node peer_clamdjs.js MODULES SOCKET PORT FOLDER
'use strict';
const [modules, , port, folder] = process.argv.slice(2);
const clamd = require(`${modules}/clamdjs`);

function want(condition, what) {
  if (condition) return;
  console.error(`clamdjs: ${what}`);
  process.exit(1);
}

(async () => {
  want(await clamd.ping('127.0.0.1', Number(port), 5000), 'ping');
  const version = await clamd.version('127.0.0.1', Number(port), 5000);
  want(version.startsWith('ClamAV '), `version ${version}`);
  const scanner = clamd.createScanner('127.0.0.1', Number(port));
  const good = await scanner.scanFile(`${folder}/clean.txt`, 5000, 1024);
  want(clamd.isCleanReply(good), good);
  const bad = await scanner.scanFile(`${folder}/bad.bin`, 5000, 1024);
  want(bad.includes('TestSig.UNOFFICIAL FOUND'), bad);
  const buffer = await scanner.scanBuffer(Buffer.from('MALMARK'), 5000, 3);
  want(!clamd.isCleanReply(buffer), buffer);
  const tree = await scanner.scanDirectory(folder, {timeout: 5000,
    chunkSize: 1024, scanningFile: 4});
  want(tree.Infected >= 1 || tree.infected >= 1 ||
    JSON.stringify(tree).includes('TestSig'), JSON.stringify(tree));
})().catch((error) => want(false, error));
