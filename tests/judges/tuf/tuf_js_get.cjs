// SPDX-License-Identifier: Apache-2.0
// tuf_js_get.cjs URL FOLDER TARGET...: gets each target from the repository at
// URL with tuf-js and prints "TARGET CONTENT". FOLDER/metadata/root.json is
// trusted; exit status 1 and the error's text when tuf-js refuses.
'use strict';
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const load = createRequire(path.join(process.env.VITRINE_NODE_MODULES, 'x'));
const { Updater } = load('tuf-js');

async function main([url, folder, ...targets]) {
  const updater = new Updater({
    metadataDir: path.join(folder, 'metadata'),
    metadataBaseUrl: url + 'metadata',
    targetDir: path.join(folder, 'targets'),
    targetBaseUrl: url + 'targets',
  });
  await updater.refresh();
  for (const target of targets) {
    const info = await updater.getTargetInfo(target);
    if (!info) throw new Error('no target ' + target);
    const file = await updater.downloadTarget(
      info, path.join(folder, 'targets', encodeURIComponent(target)));
    console.log(target + ' ' + fs.readFileSync(file, 'utf8'));
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
