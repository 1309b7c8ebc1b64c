// SPDX-License-Identifier: Apache-2.0
// The npm package clamscan against a socket.
// usage: node peer_clamscan.js MODULES SOCKET PORT FOLDER
'use strict';
const fs = require('fs');
const [modules, socket, port, folder] = process.argv.slice(2);
const NodeClam = require(`${modules}/clamscan`);

function want(condition, what) {
  if (condition) return;
  console.error(`clamscan: ${what}`);
  process.exit(1);
}

async function check(options) {
  const clam = await new NodeClam().init({
    clamdscan: {localFallback: false, ...options}, preference: 'clamdscan'});
  const version = await clam.getVersion();
  want(version.startsWith('ClamAV '), `version ${version}`);
  const bad = await clam.isInfected(`${folder}/bad.bin`);
  want(bad.isInfected && bad.viruses[0] === 'TestSig.UNOFFICIAL',
    `bad.bin: ${JSON.stringify(bad)}`);
  const good = await clam.isInfected(`${folder}/clean.txt`);
  want(good.isInfected === false, `clean.txt: ${JSON.stringify(good)}`);
  const stream = await clam.scanStream(fs.createReadStream(`${folder}/bad.bin`));
  want(stream.isInfected === true, `stream: ${JSON.stringify(stream)}`);
  const clean = await clam.scanStream(fs.createReadStream(`${folder}/clean.txt`));
  want(clean.isInfected === false, `clean stream: ${JSON.stringify(clean)}`);
  const dir = await clam.scanDir(`${folder}`);
  want(dir.badFiles.length >= 1, `folder: ${JSON.stringify(dir)}`);
}

(async () => {
  await check({socket});
  await check({host: '127.0.0.1', port: Number(port)});
})().catch((error) => want(false, error));
